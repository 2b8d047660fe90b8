/** One DynamoDB table through the AWS SDK: the requests that the store makes, each with a deadline, failures as values. */

import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  QueryCommandInput,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { idleDeadline } from './idle-deadline.ts';
import { attributesOf, isKey, type Key } from './keys.ts';
import type { StoreProblem } from './problem.ts';

export type Item = Record<string, AttributeValue>;

export interface Page {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last. */
  readonly next?: Item;
}

export interface Query {
  readonly pk: string;
  readonly index?: string;
  /** Further condition on the sort key, and the filter, in DynamoDB's expressions; `:pk` is taken. */
  readonly condition?: string;
  readonly filter?: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
  /** Of the items; default all. One of DynamoDB's reserved words stands in `names`. */
  readonly attributes?: readonly string[];
  readonly backwards?: boolean;
  readonly limit?: number;
  readonly from?: Item;
}

/** In DynamoDB's expressions. */
export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

/** Names and values are those of both expressions. */
export interface Update {
  /** As UpdateExpression: "SET #status = :to". */
  readonly change: string;
  /** Without one an item that is not there would be made. */
  readonly condition: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

/**
 * A request whose answer was lost is asked again by the SDK: a conditional one may say 'refused' then although it was done the first time.
 * Under a key that no item can have (`isKey`) there is nothing.
 */
export interface Table {
  /** 'refused' where the condition does not hold. */
  put(item: Item, condition?: Condition): Promise<'stored' | 'refused' | StoreProblem>;
  /** @returns the attributes that were changed, as they are now, or 'refused' where the condition does not hold */
  update(key: Key, update: Update): Promise<{ changed: Item } | 'refused' | StoreProblem>;
  /** 'refused' where the condition does not hold. */
  remove(key: Key, condition: Condition): Promise<'removed' | 'refused' | StoreProblem>;
  /** Each key at most once. */
  putAll(items: readonly Item[]): Promise<StoreProblem | undefined>;
  removeAll(keys: readonly Key[]): Promise<StoreProblem | undefined>;
  /** @param attributes default all; other than DynamoDB's reserved words */
  get(key: Key, attributes?: readonly string[]): Promise<Item | undefined | StoreProblem>;
  query(query: Query): Promise<Page | StoreProblem>;
}

export interface TableAccess {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** As idle-deadline.ts counts it. */
  readonly deadlineMs: number;
  /** How an error of the SDK, or of what is below it, reads to a person. */
  readonly problemOf: (error: unknown) => StoreProblem;
  /** What is said when the deadline has passed. */
  readonly tooLate: () => StoreProblem;
}

/** What BatchWriteItem takes at a time: 25 items, 16 MB as JSON with a third more for base64. */
const MOST_BATCH_ITEMS = 25;
const MOST_BATCH_BYTES = 8 * 1024 * 1024;

/** Loads the SDK; asks nothing of the table. */
export async function openTable(access: TableAccess): Promise<Table> {
  const { sdk } = await import('./dynamodb-sdk.ts');
  const { client, tableName: TableName } = access;

  async function writeAll(requests: readonly WriteRequest[]): Promise<StoreProblem | undefined> {
    const rest = [...requests];
    while (rest.length > 0) {
      const batch = takeBatch(rest);
      const problem = await withDeadline(access, async (abortSignal) => {
        let waiting: WriteRequest[] | undefined = batch;
        for (let tries = 0; waiting && waiting.length > 0; tries++) {
          if (tries > 0) await pause(tries, abortSignal);
          const command: BatchWriteItemCommand = new sdk.BatchWriteItemCommand({
            RequestItems: { [TableName]: waiting },
          });
          const said = await client.send(command, { abortSignal });
          waiting = said.UnprocessedItems?.[TableName];
        }
        return undefined;
      });
      if (problem) return problem;
    }
    return undefined;
  }

  function conditionally<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | 'refused' | StoreProblem> {
    return withDeadline<T | 'refused'>(access, async (signal) => {
      try {
        return await work(signal);
      } catch (error) {
        if (error instanceof sdk.ConditionalCheckFailedException) return 'refused';
        throw error;
      }
    });
  }

  return {
    put(item, condition) {
      return conditionally(async (abortSignal) => {
        const input = { TableName, Item: item, ...(condition && conditionInput(condition)) };
        await client.send(new sdk.PutItemCommand(input), { abortSignal });
        return 'stored' as const;
      });
    },
    async update(key, { change, condition, names, values }) {
      if (!isKey(key)) return 'refused';
      return await conditionally(async (abortSignal) => {
        const command = new sdk.UpdateItemCommand({
          TableName,
          Key: attributesOf(key),
          UpdateExpression: change,
          ConditionExpression: condition,
          ReturnValues: 'UPDATED_NEW',
          ...(names && { ExpressionAttributeNames: names }),
          ...(values && { ExpressionAttributeValues: values }),
        });
        return { changed: (await client.send(command, { abortSignal })).Attributes ?? {} };
      });
    },
    async remove(key, condition) {
      if (!isKey(key)) return 'refused';
      return await conditionally(async (abortSignal) => {
        const input = { TableName, Key: attributesOf(key), ...conditionInput(condition) };
        await client.send(new sdk.DeleteItemCommand(input), { abortSignal });
        return 'removed' as const;
      });
    },
    putAll: (items) => writeAll(items.map((Item) => ({ PutRequest: { Item } }))),
    removeAll: (keys) => writeAll(keys.map((key) => ({ DeleteRequest: { Key: attributesOf(key) } }))),
    async get(key, attributes) {
      if (!isKey(key)) return undefined;
      return await withDeadline(access, async (abortSignal) => {
        const command = new sdk.GetItemCommand({
          TableName,
          Key: attributesOf(key),
          ConsistentRead: true,
          ...(attributes && { ProjectionExpression: attributes.join(', ') }),
        });
        return (await client.send(command, { abortSignal })).Item;
      });
    },
    async query(query) {
      if (!isKey({ pk: query.pk, sk: '-' })) return { items: [] };
      return await withDeadline(access, async (abortSignal) => {
        const { Items = [], LastEvaluatedKey } = await client.send(new sdk.QueryCommand(queryInput(TableName, query)), {
          abortSignal,
        });
        return { items: Items, ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
      });
    },
  };
}

const conditionInput = ({ expression, names, values }: Condition) => ({
  ConditionExpression: expression,
  ...(names && { ExpressionAttributeNames: names }),
  ...(values && { ExpressionAttributeValues: values }),
});

function queryInput(TableName: string, query: Query): QueryCommandInput {
  return {
    TableName,
    ...(query.index === undefined ? { ConsistentRead: true } : { IndexName: query.index }),
    KeyConditionExpression: query.condition === undefined ? 'pk = :pk' : `pk = :pk AND ${query.condition}`,
    ...(query.filter !== undefined && { FilterExpression: query.filter }),
    ...(query.attributes && { ProjectionExpression: query.attributes.join(', ') }),
    ...(query.names && { ExpressionAttributeNames: query.names }),
    ExpressionAttributeValues: { ':pk': { S: query.pk }, ...query.values },
    ScanIndexForward: query.backwards !== true,
    ...(query.limit !== undefined && { Limit: query.limit }),
    ...(query.from && { ExclusiveStartKey: query.from }),
  };
}

/** Takes from the front of `rest` what one request carries, one item at least. */
function takeBatch(rest: WriteRequest[]): WriteRequest[] {
  let bytes = 0;
  let count = 0;
  for (const { PutRequest } of rest.slice(0, MOST_BATCH_ITEMS)) {
    bytes += PutRequest?.Item?.['body']?.B?.length ?? 0;
    if (count > 0 && bytes > MOST_BATCH_BYTES) break;
    count += 1;
  }
  return rest.splice(0, count);
}

/** Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): writers that were throttled together spread. */
async function pause(tries: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.random() * Math.min(2000, 25 * 2 ** tries), undefined, { signal });
}

/** The work may ignore its signal (a look-up of credentials, a disk that hangs): it is not waited for then. */
export async function withDeadline<T>(
  access: Pick<TableAccess, 'deadlineMs' | 'problemOf' | 'tooLate'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | StoreProblem> {
  const controller = new AbortController();
  let callOff: (() => void) | undefined;
  const late = new Promise<StoreProblem>((resolve) => {
    callOff = idleDeadline(access.deadlineMs, () => {
      resolve(access.tooLate());
      controller.abort();
    });
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } catch (error) {
    return access.problemOf(error);
  } finally {
    callOff?.();
  }
}
