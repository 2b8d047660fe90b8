/** A DynamoDB of the test's own in another process, with the table in it, and what was written to it. */
import { createTable } from '../../functions/store/create-table.ts';
import type { TableRequest } from '../infra/permitted.ts';
import { buildProgram } from '../store/build-program.ts';
import { must } from '../store/embedded.ts';
import { startForked } from './forked.ts';
import { useLocalAws } from './local-aws.ts';
import type { WriteCounts } from './write-counter.ts';

export interface DynamoDb {
  readonly endpoint: string;
  readonly table: string;
  written(): Promise<WriteCounts>;
  /** Each kind of request once. */
  requests(): Promise<readonly TableRequest[]>;
  stop(): Promise<void>;
}

export async function startDynamoDb(table: string): Promise<DynamoDb> {
  useLocalAws();
  const program = await buildProgram(new URL('./dynamodb-program.ts', import.meta.url));
  const forked = await startForked(program.file, { env: { PATH: process.env['PATH'] ?? '' } });
  program.remove();
  const { port } = forked.first as { port: number };
  const endpoint = `http://127.0.0.1:${port}`;
  must(await createTable({ kind: 'dynamodb', table, endpoint }));
  const asked = <Answer>(what: string): Promise<Answer> =>
    new Promise((resolve) => {
      forked.child.once('message', (answer) => resolve(answer as Answer));
      forked.child.send(what);
    });
  return {
    endpoint,
    table,
    written: () => asked<WriteCounts>('counts'),
    requests: () => asked<readonly TableRequest[]>('requests'),
    stop: forked.kill,
  };
}
