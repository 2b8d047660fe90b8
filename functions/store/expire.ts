/** Removes what has expired, which DynamoDB does by itself and the embedded store does not: some of it at a time, the oldest first. */
import { expiryOf, partKeysOf, sortKeyOf } from './items.ts';
import { AUDIT, CLAIMS, JOB_BODIES, JOBS, type Key, rowsOf, SWEEPS } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Item, Table } from './table.ts';

export interface RemovalBounds {
  /** It stops after about so many. */
  readonly items: number;
  /** It stops when the clock shows this. */
  readonly untilMs: number;
}

/** Where the look through the claims goes on: it begins anew when it has come to their end. */
export interface ClaimsPlace {
  /** Of CLAIMS. */
  partition: number;
  from?: Item | undefined;
}

/**
 * A sweep's own item goes last, so what is not done in time is found again the next time.
 *
 * @param place kept from one call to the next: of very many claims that live, one call would never come to the end
 * @returns whether it came to the end: 'some' where there may be more
 */
export async function removeExpired(
  table: Table,
  nowMs: () => number,
  bounds: RemovalBounds,
  place: ClaimsPlace = { partition: 0 },
): Promise<'all' | 'some' | StoreProblem> {
  const room = roomOf(bounds, nowMs);
  for (const pk of [JOBS, JOB_BODIES, AUDIT]) {
    const outcome = await removeOldest(table, pk, nowMs, room);
    if (outcome !== 'all') return outcome;
  }
  for (; place.partition < CLAIMS.length; place.partition += 1) {
    const outcome = await removeClaims(table, CLAIMS[place.partition] ?? '', nowMs, room, place);
    if (outcome !== 'all') return outcome;
  }
  const outcome = await removeSweeps(table, nowMs, room);
  // Until then the next call begins with the sweeps.
  if (outcome === 'all') place.partition = 0;
  return outcome;
}

interface Room {
  isLeft(): boolean;
  take(items: number): void;
}

function roomOf(bounds: RemovalBounds, nowMs: () => number): Room {
  let left = bounds.items;
  return {
    isLeft: () => left > 0 && nowMs() < bounds.untilMs,
    take(items) {
      left -= items;
    },
  };
}

/** Of a partition whose items sort by their age: where the first ones have not expired, none has. */
async function removeOldest(
  table: Table,
  pk: string,
  nowMs: () => number,
  room: Room,
): Promise<'all' | 'some' | StoreProblem> {
  while (room.isLeft()) {
    const oldest = await table.query({
      pk,
      attributes: ['sk', 'parts', 'partsUnder', 'expiresAt'],
      limit: OLDEST,
    });
    if (oldest instanceof StoreProblem) return oldest;
    const keys = oldest.items.filter((item) => hasExpired(item, nowMs())).flatMap((item) => keysOf(pk, item));
    if (keys.length === 0) return 'all';
    const problem = await table.removeAll(keys);
    if (problem) return problem;
    room.take(keys.length);
  }
  return 'some';
}

/** They sort by name, so all are looked through. Each on condition: somebody may take the name in this moment. */
async function removeClaims(
  table: Table,
  pk: string,
  nowMs: () => number,
  room: Room,
  place: ClaimsPlace,
): Promise<'all' | 'some' | StoreProblem> {
  do {
    if (!room.isLeft()) return 'some';
    const now = { ':now': { N: String(Math.floor(nowMs() / 1000)) } };
    const query = { pk, filter: EXPIRED, values: now, attributes: ['sk'], limit: CLAIMS_AT_A_TIME };
    const page = await table.query({ ...query, ...(place.from && { from: place.from }) });
    if (page instanceof StoreProblem) return page;
    for (const item of page.items) {
      const outcome = await table.remove({ pk, sk: sortKeyOf(item) }, { expression: EXPIRED, values: now });
      if (outcome instanceof StoreProblem) return outcome;
    }
    room.take(page.items.length);
    place.from = page.next;
  } while (place.from);
  return 'all';
}

async function removeSweeps(table: Table, nowMs: () => number, room: Room): Promise<'all' | 'some' | StoreProblem> {
  for (;;) {
    const oldest = await table.query({ pk: SWEEPS, limit: OLDEST });
    if (oldest instanceof StoreProblem) return oldest;
    const expired = oldest.items.filter((item) => hasExpired(item, nowMs()));
    if (expired.length === 0) return 'all';
    for (const sweep of expired) {
      const rows = await removeRows(table, sortKeyOf(sweep), room);
      if (rows !== 'all') return rows;
      const problem = await table.removeAll(keysOf(SWEEPS, sweep));
      if (problem) return problem;
    }
  }
}

/** The rows of a sweep, each with its finding. */
async function removeRows(table: Table, sweepId: string, room: Room): Promise<'all' | 'some' | StoreProblem> {
  while (room.isLeft()) {
    const rows = await table.query({ pk: rowsOf(sweepId), limit: ROWS_AT_A_TIME });
    if (rows instanceof StoreProblem) return rows;
    if (rows.items.length === 0) return 'all';
    const keys = rows.items.flatMap((row): Key[] => {
      const finding = { pk: sortKeyOf(row), sk: sweepId };
      return [finding, ...partKeysOf(finding, row), { pk: rowsOf(sweepId), sk: finding.pk }];
    });
    const problem = await table.removeAll(keys);
    if (problem) return problem;
    room.take(keys.length);
  }
  return 'some';
}

const hasExpired = (item: Item, nowMs: number): boolean => expiryOf(item) <= nowMs / 1000;

/** Of an item with the parts of its body, these first. */
function keysOf(pk: string, item: Item): Key[] {
  const key = { pk, sk: sortKeyOf(item) };
  return [...partKeysOf(key, item), key];
}

const EXPIRED = 'expiresAt <= :now';
const OLDEST = 50;
const CLAIMS_AT_A_TIME = 500;
/** Their findings and themselves are 24 items: one request. */
const ROWS_AT_A_TIME = 12;
