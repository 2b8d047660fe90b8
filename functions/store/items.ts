/** What the items of the table hold, both ways. What comes out of a table is data: checked like a host's, and never trusted for its size. */
import * as z from 'zod';
import { type Host, type Sweep, sweepSchema, type VisitedHost, visitedHostSchema } from '../../runner/report.ts';
import { type Pattern, patternSchema } from '../../runner/triage/patterns.ts';
import { type RankingRow, rankingRowOf, rankingRowSchema } from '../../runner/triage/ranking-row.ts';
import { MOST_PARTS, type Packed } from './body.ts';
import { attributesOf, findingKey, type Key, markKey, partKey, rowKey, sweepItemKey } from './keys.ts';
import { rankKey } from './rank-key.ts';
import type { Item } from './table.ts';
import { type Unvisited, unvisitedSchema } from './unvisited.ts';

/** An item that a body belongs to, with the items that are to be written before it. */
export interface Whole {
  readonly item: Item;
  readonly parts: readonly Item[];
}

/**
 * @param times `closesByMs` epoch milliseconds, absent once it is finished; `expiresAt` epoch seconds, as everywhere here
 * @param under as partKey takes it
 */
export function sweepItem(
  sweep: Sweep,
  body: Packed,
  times: { closesByMs?: number; expiresAt: number },
  under = '',
): Whole {
  const { asked, ...bare } = sweep;
  const head = { ...bare, ...(asked && { asked: cutAsked(asked) }) };
  const item = {
    ...attributesOf(sweepItemKey(sweep.id)),
    head: { S: JSON.stringify(head) },
    status: { S: sweep.status },
    ...(times.closesByMs !== undefined && { closesBy: { N: String(Math.round(times.closesByMs)) } }),
  };
  return withBody(item, sweepItemKey(sweep.id), body, times.expiresAt, under);
}

/** A list of sweeps shows what was asked for, and must stay small when it was a thousand names. */
function cutAsked(asked: readonly string[]): string[] {
  let characters = 0;
  const fitting = asked.filter((one) => {
    characters += one.length;
    return characters <= MOST_ASKED_CHARACTERS;
  });
  const more = asked.length - fitting.length;
  return more === 0 ? fitting : [...fitting, `(${more} more)`];
}

const MOST_ASKED_CHARACTERS = 2000;

/** A host's finding as its body. */
export function findingItem(sweepId: string, host: VisitedHost | Host, body: Packed, expiresAt: number): Whole {
  const key = findingKey(sweepId, host.host);
  return withBody(attributesOf(key), key, body, expiresAt);
}

/** A host's line in the ranking. @param partCount of its finding */
export function rowItem(sweepId: string, host: VisitedHost | Host, partCount: number, expiresAt: number): Item {
  return {
    ...attributesOf(rowKey(sweepId, host.host)),
    rank: { S: rankKey(host) },
    verdict: { S: host.verdict },
    row: { S: JSON.stringify(rankingRowOf(host)) },
    // Where the finding's parts are looked for when they are removed.
    ...(partCount > 1 && { parts: { N: String(partCount) } }),
    expiresAt: { N: String(expiresAt) },
  };
}

/** Says in the ranking how many hosts of a finished sweep have no row: who sees it need not look into the sweep's body for them. */
export function markItem(sweepId: string, unvisited: number, expiresAt: number): Item {
  return {
    ...attributesOf(markKey(sweepId)),
    rank: { S: RANK_OF_MARK },
    unvisited: { N: String(unvisited) },
    expiresAt: { N: String(expiresAt) },
  };
}

/** Before those of all hosts, which begin with 1 to 7. */
const RANK_OF_MARK = '0';

/** The item with its body in it, or in parts. @param key the item's  @param under as partKey takes it */
export function withBody(item: Item, key: Key, { parts, hash }: Packed, expiresAt: number, under = ''): Whole {
  const expiry = { expiresAt: { N: String(expiresAt) } };
  const [only] = parts;
  if (parts.length === 1 && only) return { item: { ...item, body: { B: only }, ...expiry }, parts: [] };
  return {
    item: {
      ...item,
      parts: { N: String(parts.length) },
      hash: { S: hash },
      ...(under !== '' && { partsUnder: { S: under } }),
      ...expiry,
    },
    parts: parts.map((part, index) => ({ ...attributesOf(partKey(key, index, under)), body: { B: part }, ...expiry })),
  };
}

const textAttribute = z.object({ S: z.string() });
const numberAttribute = z.object({ N: z.string() }).transform(({ N }) => Number(N));
const bytesAttribute = z.object({ B: z.instanceof(Uint8Array) });
const partCount = numberAttribute.pipe(z.int().min(2).max(MOST_PARTS));

const bodiedSchema = z.object({
  body: bytesAttribute.optional(),
  parts: partCount.optional(),
  hash: textAttribute.optional(),
  partsUnder: textAttribute.optional(),
});
const sweepItemSchema = z.object({
  head: textAttribute,
  status: z.object({ S: sweepSchema.shape.status }).optional(),
  closesBy: numberAttribute.optional(),
});
const rowItemSchema = z.object({ row: textAttribute });

/** Where the body of an item is. */
export type BodyPlace = { body: Uint8Array } | { partCount: number; hash: string; under: string } | { damage: string };

/** Tells a body in the item from one in parts of their own. */
export function bodyPlaceOf(item: Item): BodyPlace {
  const read = bodiedSchema.safeParse(item);
  if (!read.success) return { damage: said(read.error) };
  const { body, parts, hash, partsUnder } = read.data;
  if (body) return { body: body.B };
  if (parts === undefined) return { damage: 'it has no body' };
  return { partCount: parts, hash: hash?.S ?? '', under: partsUnder?.S ?? '' };
}

/** undefined where the part is damaged. */
export function bodyOfPart(item: Item): Uint8Array | undefined {
  return bytesAttribute.safeParse(item['body']).data?.B;
}

/** @returns a sweep that should have been finished by now as "incomplete" */
export function readSweep(item: Item, nowMs: number): Sweep | { damage: string } {
  const read = sweepItemSchema.safeParse(item);
  if (!read.success) return { damage: said(read.error) };
  const head = parsed(sweepSchema, read.data.head.S);
  if ('damage' in head) return head;
  const sweep = { ...head, status: read.data.status?.S ?? head.status };
  const isOpen = sweep.status === 'queued' || sweep.status === 'running' || sweep.status === 'ranking';
  return isOpen && (read.data.closesBy ?? 0) < nowMs ? { ...sweep, status: 'incomplete' } : sweep;
}

const sweepBodySchema = z.object({
  asked: z.array(z.string()).optional(),
  patterns: z.array(patternSchema),
  order: z.array(z.string()),
  unvisited: z.array(unvisitedSchema).optional(),
});
export interface SweepBody {
  asked?: string[] | undefined;
  patterns: Pattern[];
  order: string[];
  unvisited?: Unvisited[] | undefined;
}

/** @param value what `unpack` found in the body of a sweep */
export function readSweepBody(value: unknown): SweepBody | { damage: string } {
  const read = sweepBodySchema.safeParse(value);
  return read.success ? read.data : { damage: said(read.error) };
}

/** @param value what `unpack` found in the body of a finding */
export function readFinding(value: unknown): VisitedHost | { damage: string } {
  const read = visitedHostSchema.safeParse(value);
  return read.success ? read.data : { damage: said(read.error) };
}

/** The row of a host, checked like everything that comes out of a table. */
export function readRow(item: Item): RankingRow | { damage: string } {
  const read = rowItemSchema.safeParse(item);
  return read.success ? parsed(rankingRowSchema, read.data.row.S) : { damage: said(read.error) };
}

/** How many hosts have no row, where the item is what `markItem` makes; undefined where it is anything else. */
export function unvisitedOfMark(item: Item): number | undefined {
  return numberAttribute.safeParse(item['unvisited']).data;
}

/** The row's place in the ranking (rank-key.ts); '' where it has none. */
export function rankOf(item: Item): string {
  return textAttribute.safeParse(item['rank']).data?.S ?? '';
}

/** '' where it has none. */
export function sortKeyOf(item: Item): string {
  return textAttribute.safeParse(item['sk']).data?.S ?? '';
}

/** Epoch seconds; 0, and so expired, where it has none. */
export function expiryOf(item: Item): number {
  return numberAttribute.safeParse(item['expiresAt']).data ?? 0;
}

/** Of the parts of its body; none where its body is whole. */
export function partKeysOf(key: Key, item: Item): Key[] {
  const length = partCount.safeParse(item['parts']).data ?? 0;
  const under = textAttribute.safeParse(item['partsUnder']).data?.S ?? '';
  return Array.from({ length }, (_, index) => partKey(key, index, under));
}

/** What a text of JSON in the table says. */
export function parsed<T>(schema: z.ZodType<T>, json: string): T | { damage: string } {
  try {
    const read = schema.safeParse(JSON.parse(json));
    return read.success ? read.data : { damage: said(read.error) };
  } catch (error) {
    return { damage: error instanceof Error ? error.message : String(error) };
  }
}

/** What is wrong with what was read, in a few words. */
export const said = (error: z.ZodError): string =>
  error.issues
    .slice(0, 2)
    .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
    .join('; ');
