/**
 * What was written to a table, counted as DynamoDB bills and limits it: a write unit for each KB begun of an item, and as much again in
 * each index that the item is in (Developer Guide, "Read and write capacity units"). A condition that does not hold writes nothing here;
 * DynamoDB takes a unit for it too.
 */

export interface WriteCounts {
  /** Writes and their units by kind of item, which is its partition key without what is different for each. */
  readonly kinds: Readonly<Record<string, { readonly writes: number; readonly units: number }>>;
  /** Of the partition keys with the most units, the most first: in all, and in the second in which they were the most. */
  readonly keys: readonly KeyWrites[];
  /** How often each sweep was written as one that has ended, by its id. */
  readonly endings: Readonly<Record<string, number>>;
}

export interface KeyWrites {
  /** With `(index)` behind it for the same key in the ranking index. */
  readonly key: string;
  readonly units: number;
  readonly mostUnitsASecond: number;
}

type Attributes = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly B?: string }>>;

const MOST_KEYS = 12;
const ENDED = ['complete', 'incomplete', 'cancelled', 'interrupted'];

export interface WriteCounter {
  isWrite(operation: string): boolean;
  /** A request that was done. @param body of the request, JSON */
  note(operation: string, body: string, atMs: number): void;
  counts(): WriteCounts;
}

export function createWriteCounter(): WriteCounter {
  const kinds = new Map<string, { writes: number; units: number }>();
  const keys = new Map<string, { units: number; most: number; second: number; now: number }>();
  const endings = new Map<string, number>();

  function heat(key: string, units: number, atMs: number): void {
    const second = Math.floor(atMs / 1000);
    const known = keys.get(key) ?? { units: 0, most: 0, second, now: 0 };
    known.now = known.second === second ? known.now + units : units;
    known.second = second;
    known.units += units;
    known.most = Math.max(known.most, known.now);
    keys.set(key, known);
  }

  function written(item: Attributes, bytes: number, atMs: number): void {
    const pk = item['pk']?.S ?? '';
    const units = Math.max(1, Math.ceil(bytes / 1024));
    const kind = kinds.get(kindOf(pk)) ?? { writes: 0, units: 0 };
    kinds.set(kindOf(pk), { writes: kind.writes + 1, units: kind.units + units });
    heat(pk, units, atMs);
    if (item['rank'] !== undefined) heat(`${pk} (index)`, units, atMs);
    const status = item['status']?.S ?? '';
    const id = item['sk']?.S ?? '';
    if (pk === 'sweeps' && ENDED.includes(status)) endings.set(id, (endings.get(id) ?? 0) + 1);
  }

  return {
    isWrite: (operation) => WRITES.has(operation),
    note(operation, text, atMs) {
      const body = JSON.parse(text) as WriteRequest;
      if (operation === 'BatchWriteItem') {
        for (const { PutRequest, DeleteRequest } of Object.values(body.RequestItems ?? {}).flat()) {
          if (PutRequest !== undefined) written(PutRequest.Item, sizeOf(PutRequest.Item), atMs);
          else if (DeleteRequest !== undefined) written(DeleteRequest.Key, 1, atMs);
        }
      } else if (body.Item !== undefined) written(body.Item, sizeOf(body.Item), atMs);
      // Of what is changed or removed only the key is known here; these items are small.
      else if (body.Key !== undefined) written(body.Key, 1, atMs);
    },
    counts: () => ({
      kinds: Object.fromEntries([...kinds].toSorted(([, a], [, b]) => b.units - a.units)),
      keys: [...keys]
        .map(([key, { units, most }]) => ({ key, units, mostUnitsASecond: most }))
        .toSorted((a, b) => b.units - a.units)
        .slice(0, MOST_KEYS),
      endings: Object.fromEntries(endings),
    }),
  };
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

interface WriteRequest {
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly RequestItems?: Readonly<
    Record<string, readonly { PutRequest?: { Item: Attributes }; DeleteRequest?: { Key: Attributes } }[]>
  >;
}

/** `host#db-1` is `host#`, `part#0001#jobs` is `part#`: what is behind the first # is different for each. */
const kindOf = (pk: string): string => pk.replace(/#.*$/su, '#');

/** Names and values in UTF-8, binary ones as they are (Developer Guide, "Item sizes and formats"). */
function sizeOf(item: Attributes): number {
  return Object.entries(item).reduce((sum, [name, { S, N, B }]) => {
    const value = B !== undefined ? (B.length * 3) / 4 : Buffer.byteLength(S ?? N ?? '');
    return sum + Buffer.byteLength(name) + value;
  }, 0);
}
