/**
 * A DynamoDB on a loopback port that misbehaves as told: the embedded engine behind HTTP. It knows no credentials, and of expiry only
 * whether it is switched on.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine } from '../../functions/store/embedded/engine.ts';

/** What happens to one request. */
export type Fault =
  /** Refused with an error of this name. */
  | { refuse: string; message?: string }
  /** Done, but the connection is cut before the answer. */
  | 'lose-answer'
  /** Never answered. */
  | 'silence'
  /** A BatchWriteItem of which only the first half is done, and said so. */
  | 'half';

export interface DynamoDbEndpoint {
  readonly url: string;
  /** Operations in the order in which they came. */
  readonly calls: string[];
  /** Asked for every request; `nth` counts those of the same operation from 1. */
  fault: (operation: string, nth: number) => Fault | undefined;
  stop(): Promise<void>;
}

export async function startDynamoDb(): Promise<DynamoDbEndpoint> {
  const folder = mkdtempSync(path.join(tmpdir(), 'whodisk-dynamodb-'));
  const engine = await openEngine(folder);
  if ('kind' in engine) throw new Error(engine.message);
  const counts = new Map<string, number>();
  const expiring = new Set<string>();

  async function perform(operation: string, body: string): Promise<{ status: number; body: string }> {
    const table = String(JSON.parse(body).TableName);
    if (operation === 'DescribeTimeToLive') {
      const TimeToLiveStatus = expiring.has(table) ? 'ENABLED' : 'DISABLED';
      return { status: 200, body: JSON.stringify({ TimeToLiveDescription: { TimeToLiveStatus } }) };
    }
    if (operation === 'UpdateTimeToLive') {
      if (expiring.has(table)) return refusal('ValidationException', 'TimeToLive is already enabled');
      expiring.add(table);
      return { status: 200, body };
    }
    if (typeof engine === 'object' && 'kind' in engine) throw new Error('unreachable');
    const answer = await engine.answer(operation, body);
    if ('kind' in answer) throw new Error(answer.message);
    return answer;
  }

  async function half(body: string): Promise<{ status: number; body: string }> {
    const { RequestItems } = JSON.parse(body) as { RequestItems: Record<string, unknown[]> };
    const [[table, requests] = ['', []]] = Object.entries(RequestItems);
    const middle = Math.ceil(requests.length / 2);
    const done = await perform(
      'BatchWriteItem',
      JSON.stringify({ RequestItems: { [table]: requests.slice(0, middle) } }),
    );
    const rest = requests.slice(middle);
    return { ...done, body: JSON.stringify({ UnprocessedItems: rest.length > 0 ? { [table]: rest } : {} }) };
  }

  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const body = await textOf(request);
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      endpoint.calls.push(operation);
      const nth = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, nth);
      const fault = endpoint.fault(operation, nth);
      if (fault === 'silence') return;
      if (fault === 'lose-answer') {
        await perform(operation, body);
        request.socket.destroy();
        return;
      }
      const refused = typeof fault === 'object' ? refusal(fault.refuse, fault.message ?? fault.refuse) : undefined;
      const answer = refused ?? (await (fault === 'half' ? half(body) : perform(operation, body)));
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(answer.body);
    };
    serve().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');

  const endpoint: DynamoDbEndpoint = {
    url: `http://127.0.0.1:${address.port}`,
    calls: [],
    fault: () => undefined,
    async stop() {
      server.close();
      server.closeAllConnections();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return endpoint;
}

function refusal(type: string, message: string): { status: number; body: string } {
  return { status: 400, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
