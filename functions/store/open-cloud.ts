/** The store in DynamoDB. Nothing here knows the embedded one, so that a bundle for the cloud holds none of it. */
import type { StoreOptions } from './open.ts';
import { type Opened, openOn } from './open-on.ts';
import { StoreProblem } from './problem.ts';
import type { StoreWhere } from './where.ts';

/** Asks nothing of the table yet: a store that fails says so when it is used. */
export async function openCloudStore(where: StoreWhere & { kind: 'dynamodb' }, options: StoreOptions): Promise<Opened> {
  const { cloudClient } = await import('./clients.ts');
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const client = await cloudClient(where);
  return await openOn(
    {
      client,
      tableName: where.table,
      deadlineMs,
      tooLate: () =>
        new StoreProblem(
          'deadline',
          `DynamoDB did not answer within ${deadlineMs} ms for table ${where.table}`,
          'look at the network and at the credentials: aws sts get-caller-identity',
        ),
    },
    options,
    { width: 8, removesExpired: false, notes: () => [], close: async () => client.destroy() },
  );
}

const DEADLINE_MS = 15_000;
