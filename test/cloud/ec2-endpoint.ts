/**
 * An EC2 on a loopback port that knows DescribeInstances, its filters and its pages, and misbehaves as told (EC2 API Reference,
 * "Query requests", "DescribeInstances", "Error codes"). It takes any signature.
 */
import { createServer } from 'node:http';

export interface FakeInstance {
  readonly id: string;
  readonly state?: string;
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly privateIp?: string;
  readonly privateName?: string;
  readonly publicIp?: string;
  readonly publicName?: string;
}

/** What happens to one request instead of its answer. */
export type Ec2Fault = { readonly status: number; readonly code: string; readonly message: string } | 'silence';

export interface Ec2Endpoint {
  /** For AWS_ENDPOINT_URL_EC2. */
  readonly url: string;
  instances: readonly FakeInstance[];
  /** Instances on a page at most, whatever was asked for; default as many as were. */
  pageSize: number;
  /** `nth` from 1. */
  fault: (nth: number) => Ec2Fault | undefined;
  /** What was asked, in order, each with the region of its signature. */
  readonly asked: { readonly region: string; readonly form: URLSearchParams }[];
  stop(): Promise<void>;
}

export async function startEc2(instances: readonly FakeInstance[] = []): Promise<Ec2Endpoint> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const region = /Credential=[^/]+\/\d+\/([^/]+)\/ec2\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    endpoint.asked.push({ region, form });
    const fault = endpoint.fault(endpoint.asked.length);
    if (fault === 'silence') return;
    const answer = fault === undefined ? described(endpoint, region, form) : refused(fault);
    response.writeHead(fault?.status ?? 200, { 'content-type': 'text/xml;charset=UTF-8' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const endpoint: Ec2Endpoint = {
    url: `http://127.0.0.1:${address.port}`,
    instances,
    pageSize: Number.POSITIVE_INFINITY,
    fault: () => undefined,
    asked: [],
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}

function described({ instances, pageSize }: Ec2Endpoint, region: string, form: URLSearchParams): string {
  if (form.get('Action') !== 'DescribeInstances') throw new Error(`asked for ${form.get('Action')}`);
  const filters = filtersOf(form);
  const found = instances
    .filter((instance) => (instance.region ?? region) === region)
    .filter((instance) =>
      filters.every(({ name, values }) => values.some((value) => isMatch(fieldOf(instance, name), value))),
    );
  const from = Number(form.get('NextToken')?.replace('page-', '') ?? 0);
  const size = Math.min(pageSize, Number(form.get('MaxResults') ?? 1000));
  const next = from + size < found.length ? `<nextToken>page-${from + size}</nextToken>` : '';
  const items = found
    .slice(from, from + size)
    .map(itemOf)
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><reservationSet>${items}</reservationSet>${next}</DescribeInstancesResponse>`;
}

function filtersOf(form: URLSearchParams): { name: string; values: string[] }[] {
  const filters: { name: string; values: string[] }[] = [];
  for (let n = 1; form.has(`Filter.${n}.Name`); n += 1) {
    const values: string[] = [];
    for (let v = 1; form.has(`Filter.${n}.Value.${v}`); v += 1) values.push(form.get(`Filter.${n}.Value.${v}`) ?? '');
    filters.push({ name: form.get(`Filter.${n}.Name`) ?? '', values });
  }
  return filters;
}

function fieldOf({ state = 'running', tags = {} }: FakeInstance, filter: string): string | undefined {
  if (filter === 'instance-state-name') return state;
  return Object.entries(tags).find(([key]) => filter === `tag:${key}`)?.[1];
}

/** A filter's * stands for any characters, its ? for one at most. */
function isMatch(field: string | undefined, pattern: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.?');
  return field !== undefined && new RegExp(`^${expression}$`, 's').test(field);
}

function itemOf({
  id,
  state = 'running',
  tags = {},
  privateIp,
  privateName,
  publicIp,
  publicName,
}: FakeInstance): string {
  const tagSet = Object.entries(tags).map(
    ([key, value]) => `<item>${element('key', key)}${element('value', value)}</item>`,
  );
  return `<item><reservationId>r-1</reservationId><instancesSet><item>${element('instanceId', id)}<instanceState><code>16</code>${element('name', state)}</instanceState>${element('privateDnsName', privateName ?? '')}${element('dnsName', publicName ?? '')}${privateIp === undefined ? '' : element('privateIpAddress', privateIp)}${publicIp === undefined ? '' : element('ipAddress', publicIp)}<tagSet>${tagSet.join('')}</tagSet></item></instancesSet></item>`;
}

function refused({ code, message }: Exclude<Ec2Fault, 'silence'>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error>${element('Code', code)}${element('Message', message)}</Error></Errors><RequestID>r</RequestID></Response>`;
}

const element = (name: string, text: string): string =>
  `<${name}>${text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)}</${name}>`;
