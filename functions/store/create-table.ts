/** `whodisk store create`: the table that `--store dynamodb:TABLE` uses. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { CreateTableCommandInput, DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { StoreProblem } from './problem.ts';
import { withDeadline } from './table.ts';
import { EXPIRY_ATTRIBUTE, TABLE_SHAPE } from './table-shape.ts';
import type { StoreWhere } from './where.ts';

export interface CreatedTable {
  readonly table: string;
  /** false where it was there already, with the right keys. */
  readonly isNew: boolean;
  /** Whether DynamoDB deletes what has expired; an endpoint that is not AWS's may not be able to. */
  readonly expires: boolean;
}

/**
 * Makes the table, billed by request, with its index and its expiry, and waits until it can be used. Said again it changes nothing. A table
 * of that name with other keys is left alone and named as a problem. Backups are not switched on: a sweep is quickly made again.
 */
export async function createTable(
  where: StoreWhere & { kind: 'dynamodb' },
  options: { deadlineMs?: number; pollMs?: number } = {},
): Promise<CreatedTable | StoreProblem> {
  const { table } = where;
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const [{ cloudClient }, { problemOfSdk }] = await Promise.all([import('./clients.ts'), import('./sdk-problem.ts')]);
  const client = await cloudClient(where);
  const access = {
    deadlineMs,
    problemOf: (error: unknown) => problemOfSdk(error, table),
    tooLate: () =>
      new StoreProblem(
        'deadline',
        `table ${table} was not ready within ${deadlineMs / 1000} s`,
        'run the command again: it goes on',
      ),
  };
  try {
    return await withDeadline(access, (signal) => create(client, table, options.pollMs ?? POLL_MS, signal));
  } finally {
    client.destroy();
  }
}

async function create(
  client: DynamoDBClient,
  table: string,
  pollMs: number,
  abortSignal: AbortSignal,
): Promise<CreatedTable | StoreProblem> {
  const sdk = await import('@aws-sdk/client-dynamodb');
  let isNew = true;
  try {
    await client.send(new sdk.CreateTableCommand({ TableName: table, ...TABLE_SHAPE }), { abortSignal });
  } catch (error) {
    if (!(error instanceof sdk.ResourceInUseException)) throw error;
    isNew = false;
  }
  for (;;) {
    const found = (await client.send(new sdk.DescribeTableCommand({ TableName: table }), { abortSignal })).Table;
    const difference = differenceOf(found);
    if (difference !== undefined) {
      return new StoreProblem(
        'table-differs',
        `table ${table} is not one of whodisk: ${difference}`,
        'choose another name',
      );
    }
    const indexes = found?.GlobalSecondaryIndexes ?? [];
    if (found?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')) break;
    await sleep(pollMs, undefined, { signal: abortSignal });
  }
  return { table, isNew, expires: await enableExpiry(client, table, abortSignal) };
}

/** Switched on twice it would be an error (UpdateTimeToLive: ValidationException), so it is asked first. */
async function enableExpiry(client: DynamoDBClient, TableName: string, abortSignal: AbortSignal): Promise<boolean> {
  const sdk = await import('@aws-sdk/client-dynamodb');
  const said = await client.send(new sdk.DescribeTimeToLiveCommand({ TableName }), { abortSignal });
  const status = said.TimeToLiveDescription?.TimeToLiveStatus;
  if (status === 'ENABLED' || status === 'ENABLING') return true;
  const TimeToLiveSpecification = { AttributeName: EXPIRY_ATTRIBUTE, Enabled: true };
  try {
    await client.send(new sdk.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }), { abortSignal });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'UnknownOperationException') return false;
    throw error;
  }
}

/** What keeps a table from being used, in words; undefined where it fits. */
function differenceOf(found: TableDescription | undefined): string | undefined {
  const wanted: Omit<CreateTableCommandInput, 'TableName'> = TABLE_SHAPE;
  if (keysOf(found?.KeySchema) !== keysOf(wanted.KeySchema)) {
    return `its keys are ${keysOf(found?.KeySchema)}, not ${keysOf(wanted.KeySchema)}`;
  }
  for (const index of wanted.GlobalSecondaryIndexes ?? []) {
    const same = found?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
    if (!same) return `it has no index ${index.IndexName}`;
    if (keysOf(same.KeySchema) !== keysOf(index.KeySchema)) {
      return `the keys of its index ${index.IndexName} are ${keysOf(same.KeySchema)}, not ${keysOf(index.KeySchema)}`;
    }
    if (same.Projection?.ProjectionType !== 'ALL') return `its index ${index.IndexName} does not hold whole items`;
  }
  for (const { AttributeName, AttributeType } of wanted.AttributeDefinitions ?? []) {
    const type = found?.AttributeDefinitions?.find((one) => one.AttributeName === AttributeName)?.AttributeType;
    if (type !== AttributeType) return `its key ${AttributeName} is of type ${type ?? 'unknown'}, not ${AttributeType}`;
  }
  return undefined;
}

function keysOf(schema: TableDescription['KeySchema']): string {
  const keys = (schema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`);
  return keys.length === 0 ? 'none' : keys.join(', ');
}

const DEADLINE_MS = 120_000;
const POLL_MS = 1000;
