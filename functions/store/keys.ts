/**
 * The single table. Every item has `pk` and `sk`, and `expiresAt` in epoch seconds, the TTL attribute.
 *
 * | item             | pk                   | sk             | holds                                                               |
 * | ---------------- | -------------------- | -------------- | ------------------------------------------------------------------- |
 * | sweep            | `sweeps`             | sweep id       | `head` the sweep as JSON, `status`, `closesBy`, `body` the rest     |
 * | finding          | `host#NAME`          | sweep id       | `body` the visited host                                             |
 * | ranking row      | `sweep#ID`           | `host#NAME`    | `row` as JSON, `verdict`, `rank`                                    |
 * | part of a body   | `part#` and its item | `0000`, ...    | `body`                                                              |
 *
 * What is asked, and by which key:
 *
 *   - the newest sweeps: `sweeps` backwards. Ids are ULIDs, so they sort by time;
 *   - a host's history: `host#NAME` backwards. Findings, the big items, are spread over as many partitions as there are hosts;
 *   - the ranking of a sweep, worst host first, page by page: index `ranking`, `sweep#ID` by `rank` (rank-key.ts). In DynamoDB the
 *     index follows the table within about a second; who needs every row right now reads `sweep#ID` itself;
 *   - all rows of a sweep, for a comparison: `sweep#ID`. A row has at most 1 KB: 10,000 hosts in 30 s stay below the 1,000 writes a
 *     second that one partition takes;
 *   - one host of a sweep: both keys of its finding.
 *
 * A host that is delivered twice overwrites its two items. A sweep item is written when it begins and when it is finished; one that is
 * finished is never written as running again. A body is gzip of JSON; above 350 KB it is cut into parts, which are written before the item
 * that says how many they are and what they hash to, so a reader has all of it or says what is missing. Hosts that an interrupted sweep never
 * came to have no items: they are names in its body (unvisited.ts).
 */
import { createHash } from 'node:crypto';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Partition of all sweeps. */
export const SWEEPS = 'sweeps';

/** What a host's name is in keys: itself, but for one that is too long or no valid Unicode, of which a hash tells it from others. */
export function hostKey(name: string): string {
  const isWhole = Buffer.byteLength(name) <= MOST_NAME_BYTES && Buffer.from(name).toString() === name;
  if (isWhole) return `host#${name}`;
  const start = Buffer.from(name).subarray(0, MOST_NAME_BYTES).toString().replaceAll('\uFFFD', '');
  return `host#${start}#${createHash('sha256').update(JSON.stringify(name)).digest('hex')}`;
}

/** A sort key takes 1,024 bytes. */
const MOST_NAME_BYTES = 900;

/** A key as the attributes of its item. */
export const attributesOf = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } });

/** Of each item in the table above. */
export const sweepItemKey = (sweepId: string): Key => ({ pk: SWEEPS, sk: sweepId });
/** The same. */
export const findingKey = (sweepId: string, host: string): Key => ({ pk: hostKey(host), sk: sweepId });
/** The partition of a sweep's rows. */
export const rowsOf = (sweepId: string): string => `sweep#${sweepId}`;
/** The same. */
export const rowKey = (sweepId: string, host: string): Key => ({ pk: rowsOf(sweepId), sk: hostKey(host) });
/** @param index from 0 */
export const partKey = (of: Key, index: number): Key => ({
  pk: `part#${of.sk}#${of.pk}`,
  sk: String(index).padStart(4, '0'),
});
