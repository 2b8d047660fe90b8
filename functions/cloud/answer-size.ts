/** What is too long for Lambda to give away, which without this would be an "Internal Server Error" of API Gateway. Pure. */
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** "Invocation payload (request and response)", AWS Lambda quotas; with room for what is around the answer. */
const MOST_BYTES = 6 * 1024 * 1024 - 4096;
/** A character becomes at most six bytes of JSON, as \u0000 does. */
const SURELY_FITTING_CHARACTERS = MOST_BYTES / 6 - 4096;

/** Compressed where it is too long and whoever asked takes gzip (RFC 9110, section 12.5.3); where that does not help, an error that says so. */
export function fittingAnswer(
  answer: APIGatewayProxyStructuredResultV2,
  acceptEncoding: string | undefined,
): APIGatewayProxyStructuredResultV2 {
  const { body = '', headers, isBase64Encoded } = answer;
  if (isFitting(answer)) return answer;
  if (
    isBase64Encoded !== true &&
    /(?:^|[\s,])gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))/iu.test(acceptEncoding ?? '')
  ) {
    const compressed = {
      ...answer,
      headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
      body: gzipSync(body).toString('base64'),
      isBase64Encoded: true,
    };
    if (isFitting(compressed)) return compressed;
  }
  const detail =
    'The answer is longer than AWS Lambda gives away: take it compressed, with "Accept-Encoding: gzip" (curl --compressed), or ask for less with limit.';
  return {
    statusCode: 500,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    // RFC 9457, section 4.2.1.
    body: JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail }),
    isBase64Encoded: false,
  };
}

function isFitting(answer: APIGatewayProxyStructuredResultV2): boolean {
  if ((answer.body ?? '').length < SURELY_FITTING_CHARACTERS) return true;
  return Buffer.byteLength(JSON.stringify(answer)) <= MOST_BYTES;
}
