/** The reading half of a Store on a table: what has expired is left out, and what cannot be read is said beside the rest. */
import type { Sweep } from '../../runner/report.ts';
import type { Alive } from './alive.ts';
import { badCursor } from './bad-cursor.ts';
import { findingOf, sweepBodyOf } from './bodies.ts';
import { readSweep, sortKeyOf } from './items.ts';
import { findingKey, hostKey, isKey, rowKey, SWEEPS, sweepItemKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Store, StoredFinding, Unreadable } from './store.ts';
import type { Item, Query, Table } from './table.ts';
import { unvisitedOf } from './unvisited-of.ts';

export type TableReads = Pick<Store, 'sweeps' | 'sweep' | 'findings' | 'finding' | 'hasHost'>;

/** @param nowMs epoch milliseconds */
export function tableReads(table: Table, { collect, get }: Alive, nowMs: () => number): TableReads {
  return {
    async sweeps({ limit, before }) {
      if (!isPlace(before)) return badCursor();
      // Without their bodies: the patterns of fifty sweeps are not looked at in a list.
      const query = {
        ...newestFirst(SWEEPS, before),
        attributes: ['pk', 'sk', 'head', '#status', 'closesBy'],
        names: { '#status': 'status' },
      };
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
      const rest = await sweepBodyOf(table, item);
      if (rest instanceof StoreProblem) return rest;
      if ('damage' in rest) return damaged(`sweep ${id}`, rest.damage);
      const { asked, patterns, order } = rest;
      return { sweep: { ...sweep, ...(asked && { asked }) }, patterns, order };
    },

    async findings(host, { limit, before }) {
      if (!isPlace(before)) return badCursor();
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
        const unvisited = await unvisitedOf(table, get, sweepId);
        return unvisited instanceof StoreProblem ? unvisited : unvisited.hosts.find((one) => one.host === host);
      }
      const finding = await findingOf(table, item);
      if (finding instanceof StoreProblem || !('damage' in finding)) return finding;
      return damaged(`the finding of ${host}`, finding.damage);
    },

    async hasHost(sweepId, host) {
      // Both: they are written in one request, of which a throttled table may have taken half before its writer died.
      const items = await Promise.all([get(findingKey(sweepId, host), ['pk']), get(rowKey(sweepId, host), ['pk'])]);
      const problem = items.find((item) => item instanceof StoreProblem);
      return problem instanceof StoreProblem ? problem : items.every((item) => item !== undefined);
    },
  };
}

/** What is as new as `before`, or newer, is left out. */
function newestFirst(pk: string, before: string | undefined): Query {
  if (before === undefined) return { pk, backwards: true };
  return { pk, backwards: true, condition: 'sk < :before', values: { ':before': { S: before } } };
}

/** Sent by somebody it may be anything, and a table refuses what can be no key. */
const isPlace = (before: string | undefined): boolean => before === undefined || isKey({ pk: SWEEPS, sk: before });

function nextOf(items: readonly Item[], shown: readonly Item[]): { before?: string } {
  const last = shown.at(-1);
  return items.length > shown.length && last ? { before: sortKeyOf(last) } : {};
}

function damaged(what: string, why: string): StoreProblem {
  return new StoreProblem('corrupt', `${what} cannot be read from the store: ${why}`, 'sweep the host again');
}
