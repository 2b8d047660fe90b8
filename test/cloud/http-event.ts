/** A request as an HTTP API hands it to a function, and the function's answer as whoever asked gets it (payload format 2.0). */
import { randomUUID } from 'node:crypto';

export interface Asked {
  /** Default GET, POST where there is a body. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @param path with its query */
export function httpEvent(path: string, { method, headers = {}, body }: Asked = {}): object {
  const url = new URL(path, GATEWAY_ORIGIN);
  const verb = method ?? (body === undefined ? 'GET' : 'POST');
  const { cookie, ...sent }: Record<string, string> = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  // What is not of these types comes as Base64, a form among it.
  const isText = /^(text\/|application\/(json|javascript|xml))/u.test(sent['content-type'] ?? '');
  const query = Object.fromEntries(url.searchParams);
  return {
    version: '2.0',
    routeKey: '$default',
    // The gateway decodes it.
    rawPath: decodeURIComponent(url.pathname),
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/u) }),
    headers: { host: url.host, 'x-forwarded-proto': 'https', 'x-forwarded-for': SOURCE_IP, ...sent },
    ...(url.search !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: url.host,
      domainPrefix: 'abc123',
      http: { method: verb, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: SOURCE_IP, userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body !== undefined && { body: isText ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined && !isText,
  };
}

/** For documentation, RFC 5737. */
export const SOURCE_IP = '203.0.113.7';

/** For a form of the page that the gateway's own address was asked for. */
export const GATEWAY_ORIGIN = 'https://abc123.execute-api.eu-central-1.amazonaws.com';

/** @throws TypeError where a gateway would answer 500 */
export function httpAnswer(value: unknown): Response {
  const { statusCode, headers, cookies, body, isBase64Encoded } = value as {
    statusCode: number;
    headers?: Record<string, string>;
    cookies?: string[];
    body?: string;
    isBase64Encoded?: boolean;
  };
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  const isEmpty = statusCode === 204 || statusCode === 304;
  const sent = new Headers(headers);
  for (const cookie of cookies ?? []) sent.append('set-cookie', cookie);
  return new Response(isEmpty ? null : bytes, { status: statusCode, headers: sent });
}
