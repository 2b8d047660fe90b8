/** Rows of a sweep, worst host first: from the index, and from the sweep itself where hosts have no row. */
import type { VisitedHost } from '../../runner/report.ts';
import type { Verdict } from '../../runner/triage/finding.ts';
import { type RankingRow, rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { type Alive, MOST_PAGE } from './alive.ts';
import { badCursor } from './bad-cursor.ts';
import { rankOf, readRow, sortKeyOf, unvisitedOfMark } from './items.ts';
import { hostKey, rowKey, rowsOf } from './keys.ts';
import { StoreProblem } from './problem.ts';
import { rankKey } from './rank-key.ts';
import type { Store, Unreadable } from './store.ts';
import type { Item, Query, Table } from './table.ts';
import { RANKING_INDEX } from './table-shape.ts';
import { NO_UNVISITED, unvisitedOf } from './unvisited-of.ts';

/** A page of a finished sweep is one query, unless hosts of it have no row. */
export function tableRanking(table: Table, { collect, get }: Alive): Pick<Store, 'ranking' | 'allRows'> {
  /**
   * The first `count` of them, without hosts that are known by their row: who was lost when the sweep was closed may have answered
   * after all.
   */
  async function withoutLate(
    sweepId: string,
    ranked: readonly Ranked[],
    count: number,
  ): Promise<Ranked[] | StoreProblem> {
    const first: Ranked[] = [];
    for (let at = 0; at < ranked.length && first.length < count; ) {
      const some = ranked.slice(at, at + count - first.length);
      const late = await Promise.all(
        some.map(async (one) => 'host' in one && (await get(rowKey(sweepId, one.host.host), ['pk']))),
      );
      const problem = late.find((row) => row instanceof StoreProblem);
      if (problem instanceof StoreProblem) return problem;
      first.push(...some.filter((_, index) => !late[index]));
      at += some.length;
    }
    return first;
  }

  return {
    async ranking(sweepId, { limit, cursor, verdict }) {
      const place = cursor === undefined ? {} : placeOfCursor(cursor);
      if (place instanceof StoreProblem) return place;
      const { after } = place;
      const query: Query = {
        pk: rowsOf(sweepId),
        index: RANKING_INDEX,
        ...rangeOf(after, verdict),
        ...(verdict !== undefined && { filter: '(verdict = :verdict OR attribute_exists(unvisited))' }),
      };
      // One more, which says whether there are more, and the mark.
      const items = await collect(query, limit + 2, verdict === undefined ? limit + 2 : MOST_PAGE);
      if (items instanceof StoreProblem) return items;
      const { rows, isWhole = place.isWhole ?? false } = splitMark(items);
      const unvisited = isWhole ? NO_UNVISITED : await unvisitedOf(table, get, sweepId);
      if (unvisited instanceof StoreProblem) return unvisited;
      const wanted = unvisited.hosts
        .map(rankedOf)
        .filter(({ rank, host }) => rank > (after ?? '') && (verdict ?? host.verdict) === host.verdict);
      const inOrder = worstFirst([...rows.map(rankedRow).filter(({ rank }) => rank !== after), ...wanted]);
      const ranked = unvisited.mayAnswer ? await withoutLate(sweepId, inOrder, limit + 1) : inOrder;
      if (ranked instanceof StoreProblem) return ranked;
      const shown = ranked.slice(0, limit);
      const last = shown.at(-1);
      return {
        ...rowsIn(shown),
        ...(ranked.length > shown.length && last && { cursor: cursorOf(last.rank, isWhole) }),
      };
    },

    async allRows(sweepId) {
      const items = await collect({ pk: rowsOf(sweepId) }, Number.POSITIVE_INFINITY);
      if (items instanceof StoreProblem) return items;
      const { rows, isWhole } = splitMark(items);
      const unvisited = isWhole ? NO_UNVISITED : await unvisitedOf(table, get, sweepId);
      if (unvisited instanceof StoreProblem) return unvisited;
      const withRow = new Set(unvisited.mayAnswer ? rows.map(sortKeyOf) : []);
      const without = unvisited.hosts.filter(({ host }) => !withRow.has(hostKey(host)));
      return rowsIn(worstFirst([...rows.map(rankedRow), ...without.map(rankedOf)]));
    },
  };
}

/** Of the ranks that are asked for, as the index takes it; the one after which they begin may be among them. */
function rangeOf(
  after: string | undefined,
  verdict: Verdict | undefined,
): Pick<Query, 'condition' | 'names' | 'values'> {
  const values = verdict === undefined ? {} : { ':verdict': { S: verdict } };
  const names = { '#rank': 'rank' };
  const below = verdict && FIRST_BELOW[verdict];
  if (below !== undefined && (after === undefined || after < below)) {
    const condition = after === undefined ? '#rank < :below' : '#rank BETWEEN :after AND :below';
    return {
      condition,
      names,
      values: { ...values, ':below': { S: below }, ...(after && { ':after': { S: after } }) },
    };
  }
  return after === undefined
    ? { values }
    : { condition: '#rank > :after', names, values: { ...values, ':after': { S: after } } };
}

/** The first group of the ranking (rank.ts) that is below every host of a verdict: of ten thousand healthy hosts none is looked at for the hung ones. */
const FIRST_BELOW: Readonly<Record<Verdict, string | undefined>> = {
  hung: '2',
  saturated: '4',
  inconclusive: '6',
  busy: '7',
  healthy: undefined,
};

/** A row of the table, or a host that has none. */
type Ranked = { rank: string } & ({ item: Item } | { host: VisitedHost });

const rankedRow = (item: Item): Ranked => ({ rank: rankOf(item), item });
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

/** @returns `isWhole` absent where there is no mark: the sweep is not finished, or was before there were marks */
function splitMark(items: readonly Item[]): { rows: readonly Item[]; isWhole?: boolean } {
  const [first] = items;
  const unvisited = first && unvisitedOfMark(first);
  return unvisited === undefined ? { rows: items } : { rows: items.slice(1), isWhole: unvisited === 0 };
}

/** The mark is on the first page only: a cursor says what it said. */
const cursorOf = (rank: string, isWhole: boolean): string =>
  Buffer.from(`${isWhole ? WHOLE : ''}${rank}`).toString('base64url');

const WHOLE = '=';

/** A cursor is the key of the last row shown: whatever else is put into it, the worst that it does is to begin elsewhere, or to leave hosts out. */
function placeOfCursor(cursor: string): { after?: string; isWhole?: boolean } | StoreProblem {
  const [, whole = '', after] =
    /^(=?)([1-7][\x20-\x7e]{16,1023})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return after === undefined ? badCursor() : { after, isWhole: whole === WHOLE };
}
