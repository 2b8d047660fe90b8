/**
 * The single table. Every item has `pk` and `sk`, and `expiresAt` in epoch seconds, the TTL attribute.
 *
 * | item             | pk                   | sk             | holds                                                               |
 * | ---------------- | -------------------- | -------------- | ------------------------------------------------------------------- |
 * | sweep            | `sweeps`             | sweep id       | `head` the sweep as JSON, `status`, `closesBy`, `body` the rest     |
 * | finding          | `host#NAME`          | sweep id       | `body` the visited host                                             |
 * | ranking row      | `sweep#ID`           | `host#NAME`    | `row` as JSON, `verdict`, `rank`                                    |
 * | mark of a sweep  | `sweep#ID`           | `#unvisited`   | `unvisited` how many of its hosts have no row, `rank` before all    |
 * | job              | `jobs`               | sweep id       | `done` a set of shards, `shard7` what is done of it, `cancelled`    |
 * | body of a job    | `job-bodies`         | sweep id       | `body` what is to be done; `closed` instead when it is done         |
 * | claim            | `claims#`, a digit   | name and hash  | `holder` as JSON, `untilMs` epoch                                   |
 * | audit record     | `audit`              | see auditKey   | `body`                                                              |
 * | API token        | `tokens`             | its hash       | `made` the token as JSON, `revokedAt`; it never expires             |
 * | configuration    | `config`             | `stamp`        | `hash` and `bodyId` of the one that counts, `checkedAtMs`           |
 * | body of it       | `config`             | `body#`, ULID  | `body`; it never expires, nor does its stamp                        |
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
 *   - one host of a sweep: both keys of its finding;
 *   - what is under way: `jobs`, small items however many hosts a job has, since each shard changes them once a second. What a job is to
 *     do lies beside, and leaves `closed` behind for a while, so that a job that was done is not begun again by who comes late;
 *   - who asked for what, newest first: `audit` backwards;
 *   - the configuration: its stamp, a small item, as often as anybody asks, and the body where the hash is another than before.
 *
 * A claim has one item, which one conditional write takes. There are as many as hosts are being visited, twice written each, so they are
 * spread over sixteen partitions; not more, since the embedded store looks through them for what has expired.
 *
 * A host that is delivered twice overwrites its two items. A sweep item is written when it begins and when it is finished; in between only
 * its `status` changes, which stands over that in `head`. One that is finished is never written as running again.
 *
 * A body is gzip of JSON; above 350 KB it is cut into parts, which are written before the item that says how many they are and what they
 * hash to, so a reader has all of it or says what is missing. Where several may write the body of one item at the same time (`partsUnder`)
 * the parts lie under their hash. Hosts that an interrupted sweep never came to have no items: they are names in its body (unvisited.ts).
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
  return `host#${start}#${hashOf(name)}`;
}

/** A sort key takes 1,024 bytes. */
const MOST_NAME_BYTES = 900;
const MOST_SORT_KEY_BYTES = 1024;
const MOST_PARTITION_KEY_BYTES = 2048;

/** Whether an item can have it (Service quotas, "Partition keys and sort keys"): an id that somebody has sent may be anything. */
export const isKey = ({ pk, sk }: Key): boolean =>
  isKeyText(pk, MOST_PARTITION_KEY_BYTES) && isKeyText(sk, MOST_SORT_KEY_BYTES);

const isKeyText = (text: string, mostBytes: number): boolean =>
  text !== '' &&
  text.length <= mostBytes &&
  Buffer.byteLength(text) <= mostBytes &&
  Buffer.from(text).toString() === text;

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
/** In the partition of a sweep's rows, and in their order, before all of them. */
export const markKey = (sweepId: string): Key => ({ pk: rowsOf(sweepId), sk: '#unvisited' });
/** Partition of what is under way. */
export const JOBS = 'jobs';
/** Of each item in the table above. */
export const jobKey = (sweepId: string): Key => ({ pk: JOBS, sk: sweepId });
/** Partition of what is to be done. */
export const JOB_BODIES = 'job-bodies';
/** Of each item in the table above. */
export const jobBodyKey = (sweepId: string): Key => ({ pk: JOB_BODIES, sk: sweepId });

/** Partitions of claims. */
export const CLAIMS: readonly string[] = [...'0123456789abcdef'].map((digit) => `claims#${digit}`);

/** @param name anything. Its start is only for whoever looks into the table */
export function claimKey(name: string): Key {
  const hash = hashOf(name);
  const start = name.slice(0, SHOWN_CHARACTERS).replace(/[^\x21-\x7e]/g, '?');
  return { pk: `claims#${hash[0]}`, sk: `${start}#${hash}` };
}

const SHOWN_CHARACTERS = 100;

/** Partition of the audit. */
export const AUDIT = 'audit';

/**
 * Ids are ULIDs, so records sort by time, and both of one sweep stand together, its end after its beginning.
 *
 * @param id the sweep's, or the record's own where it is about none
 */
export function auditKey(id: string, event: 'asked' | 'ended' | 'other'): Key {
  return { pk: AUDIT, sk: `${ULID.test(id) ? id : `~${hashOf(id)}`}${AUDIT_SUFFIXES[event]}` };
}

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const AUDIT_SUFFIXES = { asked: '#1asked', ended: '#2ended', other: '' } as const;
/** Whether a sort key is one that `auditKey` makes. */
export const isAuditSortKey = (sk: string): boolean =>
  /^([0-9A-HJKMNP-TV-Z]{26}|~[0-9a-f]{64})(#1asked|#2ended)?$/.test(sk);
/** The sweep that a record's sort key belongs to, or undefined where it is about none. */
export const sweepOfAudit = (sk: string): string | undefined => /^(.*)#(1asked|2ended)$/.exec(sk)?.[1];

/** Partition of the API's tokens. */
export const TOKENS = 'tokens';
/** @param hash SHA-256, in hex */
export const tokenKey = (hash: string): Key => ({ pk: TOKENS, sk: hash });

/** Partition of the configuration that a service shares. */
export const CONFIG = 'config';
/** Says which configuration counts. */
export const CONFIG_STAMP: Key = { pk: CONFIG, sk: 'stamp' };
/** @param id a ULID: bodies sort by when they were written. The roles in infra/ name it and its parts. */
export const configBodyKey = (id: string): Key => ({ pk: CONFIG, sk: `body#${id}` });

/** @param index from 0  @param under what tells the bodies apart that several writers may give one item at the same time */
export const partKey = (of: Key, index: number, under = ''): Key => ({
  pk: `part#${of.sk}#${of.pk}${under}`,
  sk: String(index).padStart(4, '0'),
});

/** Of any text, lone surrogates too: JSON escapes them. */
function hashOf(text: string): string {
  return createHash('sha256').update(JSON.stringify(text)).digest('hex');
}
