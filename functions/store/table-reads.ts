/** The reading half of a Store on a table: what has expired is left out, and what cannot be read is said beside the rest. */
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { type RankingRow, rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { bodyOf, findingOf } from './bodies.ts';
import { expiryOf, rankOf, readRow, readSweep, readSweepBody, type SweepBody, sortKeyOf } from './items.ts';
import { findingKey, hostKey, type Key, rowsOf, SWEEPS, sweepItemKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import { rankKey } from './rank-key.ts';
import type { Store, StoredFinding, Unreadable } from './store.ts';
import type { Item, Query, Table } from './table.ts';
import { RANKING_INDEX } from './table-shape.ts';
import { unvisitedHosts } from './unvisited.ts';

export type TableReads = Pick<Store, 'sweeps' | 'sweep' | 'ranking' | 'allRows' | 'findings' | 'finding'>;

/** @param nowMs epoch milliseconds */
export function tableReads(table: Table, nowMs: () => number): TableReads {
  /** Items that have not expired, until there are `limit` of them or no more; it may be more. */
  async function collect(query: Query, limit: number, pageSize = limit): Promise<Item[] | StoreProblem> {
    const alive = {
      ...query,
      filter: query.filter === undefined ? NOT_EXPIRED : `${NOT_EXPIRED} AND ${query.filter}`,
      values: { ...query.values, ':now': { N: String(Math.floor(nowMs() / 1000)) } },
      limit: Math.min(pageSize, MOST_PAGE),
    };
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const page = await table.query({ ...alive, ...(from && { from }) });
      if (page instanceof StoreProblem) return page;
      items.push(...page.items);
      from = page.next;
    } while (from && items.length < limit);
    return items;
  }

  async function get(key: Key): Promise<Item | undefined | StoreProblem> {
    const item = await table.get(key);
    if (!item || item instanceof StoreProblem) return item;
    return expiryOf(item) > nowMs() / 1000 ? item : undefined;
  }

  async function sweepBody(item: Item): Promise<SweepBody | { damage: string } | StoreProblem> {
    const body = await bodyOf(table, item);
    return body instanceof StoreProblem || 'damage' in body ? body : readSweepBody(body.value);
  }

  /** None where the sweep cannot be read: what there is of the others stands. */
  async function unvisitedOf(sweepId: string): Promise<VisitedHost[] | StoreProblem> {
    const item = await get(sweepItemKey(sweepId));
    if (!item || item instanceof StoreProblem) return item ?? [];
    const body = await sweepBody(item);
    if (body instanceof StoreProblem) return body;
    return 'damage' in body ? [] : unvisitedHosts(body.unvisited ?? []);
  }

  return {
    async sweeps({ limit, before }) {
      // Without their bodies: the patterns of fifty sweeps are not looked at in a list.
      const query = { ...newestFirst(SWEEPS, before), attributes: ['pk', 'sk', 'head', 'closesBy'] };
      const items = await collect(query, limit + 1);
      if (items instanceof StoreProblem) return items;
      const shown = items.slice(0, limit);
      const sweeps: Sweep[] = [];
      const unreadable: Unreadable[] = [];
      for (const item of shown) {
        const sweep = readSweep(item, nowMs());
        if ('damage' in sweep) unreadable.push({ what: sortKeyOf(item), why: sweep.damage });
        else sweeps.push(sweep);
      }
      return { sweeps, unreadable, ...nextOf(items, shown) };
    },

    async sweep(id) {
      const item = await get(sweepItemKey(id));
      if (!item || item instanceof StoreProblem) return item;
      const sweep = readSweep(item, nowMs());
      if ('damage' in sweep) return damaged(`sweep ${id}`, sweep.damage);
      const rest = await sweepBody(item);
      if (rest instanceof StoreProblem) return rest;
      if ('damage' in rest) return damaged(`sweep ${id}`, rest.damage);
      const { asked, patterns, order } = rest;
      return { sweep: { ...sweep, ...(asked && { asked }) }, patterns, order };
    },

    async ranking(sweepId, { limit, cursor, verdict }) {
      const after = cursor === undefined ? undefined : rankOfCursor(cursor);
      if (after instanceof StoreProblem) return after;
      const query: Query = {
        pk: rowsOf(sweepId),
        index: RANKING_INDEX,
        values: {
          ...(verdict !== undefined && { ':verdict': { S: verdict } }),
          ...(after !== undefined && { ':after': { S: after } }),
        },
        ...(verdict !== undefined && { filter: 'verdict = :verdict' }),
        ...(after !== undefined && { condition: '#rank > :after', names: { '#rank': 'rank' } }),
      };
      const items = await collect(query, limit + 1, verdict === undefined ? limit + 1 : MOST_PAGE);
      if (items instanceof StoreProblem) return items;
      const unvisited = await unvisitedOf(sweepId);
      if (unvisited instanceof StoreProblem) return unvisited;
      const wanted = unvisited
        .map(rankedOf)
        .filter(({ rank, host }) => rank > (after ?? '') && (verdict ?? host.verdict) === host.verdict);
      const ranked = worstFirst([...items.map((item) => ({ rank: rankOf(item), item })), ...wanted]);
      const shown = ranked.slice(0, limit);
      const last = shown.at(-1);
      return { ...rowsIn(shown), ...(ranked.length > shown.length && last && { cursor: cursorOf(last.rank) }) };
    },

    async allRows(sweepId) {
      const items = await collect({ pk: rowsOf(sweepId) }, Number.POSITIVE_INFINITY);
      if (items instanceof StoreProblem) return items;
      const unvisited = await unvisitedOf(sweepId);
      if (unvisited instanceof StoreProblem) return unvisited;
      const ranked = [...items.map((item) => ({ rank: rankOf(item), item })), ...unvisited.map(rankedOf)];
      return rowsIn(worstFirst(ranked));
    },

    async findings(host, { limit, before }) {
      const items = await collect(newestFirst(hostKey(host), before), limit + 1);
      if (items instanceof StoreProblem) return items;
      const shown = items.slice(0, limit);
      const findings: StoredFinding[] = [];
      const unreadable: Unreadable[] = [];
      for (const item of shown) {
        const finding = await findingOf(table, item);
        if (finding instanceof StoreProblem) return finding;
        if ('damage' in finding) unreadable.push({ what: sortKeyOf(item), why: finding.damage });
        else findings.push({ sweepId: sortKeyOf(item), host: finding });
      }
      return { findings, unreadable, ...nextOf(items, shown) };
    },

    async finding(sweepId, host) {
      const item = await get(findingKey(sweepId, host));
      if (item instanceof StoreProblem) return item;
      if (!item) {
        const unvisited = await unvisitedOf(sweepId);
        return unvisited instanceof StoreProblem ? unvisited : unvisited.find((one) => one.host === host);
      }
      const finding = await findingOf(table, item);
      if (finding instanceof StoreProblem || !('damage' in finding)) return finding;
      return damaged(`the finding of ${host}`, finding.damage);
    },
  };
}

/** What is as new as `before`, or newer, is left out. */
function newestFirst(pk: string, before: string | undefined): Query {
  if (before === undefined) return { pk, backwards: true };
  return { pk, backwards: true, condition: 'sk < :before', values: { ':before': { S: before } } };
}

/** A row of the table, or a host that has none. */
type Ranked = { rank: string } & ({ item: Item } | { host: VisitedHost });

const rankedOf = (host: VisitedHost): { rank: string; host: VisitedHost } => ({ rank: rankKey(host), host });
const worstFirst = (ranked: Ranked[]): Ranked[] => ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));

function rowsIn(ranked: readonly Ranked[]): { rows: RankingRow[]; unreadable: Unreadable[] } {
  const rows: RankingRow[] = [];
  const unreadable: Unreadable[] = [];
  for (const one of ranked) {
    if ('host' in one) {
      rows.push(rankingRowOf(one.host));
      continue;
    }
    const { item } = one;
    const row = readRow(item);
    if ('damage' in row) unreadable.push({ what: sortKeyOf(item).replace(/^host#/, ''), why: row.damage });
    else rows.push(row);
  }
  return { rows, unreadable };
}

function nextOf(items: readonly Item[], shown: readonly Item[]): { before?: string } {
  const last = shown.at(-1);
  return items.length > shown.length && last ? { before: sortKeyOf(last) } : {};
}

const cursorOf = (rank: string): string => Buffer.from(rank).toString('base64url');

/** A cursor is the key of the last row shown: whatever else is put into it, the worst that it does is to begin elsewhere. */
function rankOfCursor(cursor: string): string | StoreProblem {
  const rank = Buffer.from(cursor, 'base64url').toString();
  if (/^[1-7][\x20-\x7e]{16,1023}$/.test(rank)) return rank;
  return new StoreProblem(
    'bad-cursor',
    'the cursor is not one that a ranking gave out',
    'begin again without a cursor',
  );
}

function damaged(what: string, why: string): StoreProblem {
  return new StoreProblem('corrupt', `${what} cannot be read from the store: ${why}`, 'sweep the host again');
}

/** DynamoDB may keep what has expired for days (TTL, "How it works"). */
const NOT_EXPIRED = 'expiresAt > :now';
const MOST_PAGE = 1000;
