/** The writing half of a Store on a table. */

import { setImmediate as turn } from 'node:timers/promises';
import type { Host, Sweep, VisitedHost } from '../../runner/report.ts';
import { type Packed, pack } from './body.ts';
import { changeOnce } from './change-once.ts';
import { groupWrites } from './group-writes.ts';
import { findingItem, markItem, rowItem, type SweepBody, sweepItem } from './items.ts';
import { sweepItemKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';
import type { Item, Table } from './table.ts';
import { gatherUnvisited, isUnvisited, type Unvisited } from './unvisited.ts';

export interface TableWrites
  extends Pick<Store, 'beginSweep' | 'putHosts' | 'finishSweep' | 'moveSweep' | 'closeSweep'> {
  flush(): Promise<void>;
}

/** @param options `width`: requests with hosts at a time */
export function tableWrites(
  table: Table,
  options: { retentionDays: number; nowMs: () => number; width: number },
): TableWrites {
  const expiresAt = (): number => Math.round(options.nowMs() / 1000 + options.retentionDays * DAY_SECONDS);
  const grouped = groupWrites((items) => table.putAll(items), {
    most: GROUP_ITEMS,
    waitMs: GROUP_MS,
    width: options.width,
  });
  /** Names of hosts that are known to be stored, by sweep. */
  const stored = new Map<string, Set<string>>();

  async function putHost(sweepId: string, host: VisitedHost | Host): Promise<StoreProblem | undefined> {
    const body = pack(host);
    if (!body) return tooLarge(`the finding of ${host.host}`);
    const { item, parts } = findingItem(sweepId, host, body, expiresAt());
    const row = rowItem(sweepId, host, parts.length, expiresAt());
    const problem = (await putParts(parts)) ?? (await grouped.add([item, row]));
    if (problem) return problem;
    stored.set(sweepId, (stored.get(sweepId) ?? new Set()).add(host.host));
    // Of a sweep that somebody else finishes nobody here says that it is over. What is forgotten is written twice, no more.
    if (stored.size > MOST_KNOWN_SWEEPS) for (const [oldest] of [...stored].slice(0, 1)) stored.delete(oldest);
    return undefined;
  }

  async function putHosts(sweepId: string, given: readonly (VisitedHost | Host)[]): Promise<StoreProblem | undefined> {
    const hosts = given.filter((host) => !isUnvisited(host));
    let problem: StoreProblem | undefined;
    // In slices: packing a thousand findings in one go would hold up whatever else this process does, an interrupt too.
    for (let at = 0; at < hosts.length && (!problem || problem.kind === 'too-large'); at += SLICE_HOSTS) {
      if (at > 0) await turn();
      const outcomes = await Promise.all(hosts.slice(at, at + SLICE_HOSTS).map((host) => putHost(sweepId, host)));
      problem = outcomes.find((outcome) => outcome !== undefined) ?? problem;
    }
    return problem;
  }

  async function putParts(parts: readonly Item[]): Promise<StoreProblem | undefined> {
    return parts.length === 0 ? undefined : await table.putAll(parts);
  }

  function packSweep(sweep: Sweep, rest: Omit<SweepBody, 'asked'>): Packed | StoreProblem {
    const body = pack({ ...(sweep.asked && { asked: sweep.asked }), ...rest } satisfies SweepBody);
    return body ?? tooLarge(`sweep ${sweep.id}`);
  }

  /** After the sweep's own item, and whatever becomes of it: where there is none readers look into that. */
  async function putMark(sweepId: string, unvisited: readonly Unvisited[]): Promise<void> {
    const count = unvisited.reduce((sum, { names }) => sum + names.length, 0);
    await table.put(markItem(sweepId, count, expiresAt()));
  }

  /** Parts that a closer has written in vain; those of the other are the same where they have the same hash. */
  async function dropParts(sweepId: string, item: Item, parts: readonly Item[]): Promise<void> {
    const present = await table.get(sweepItemKey(sweepId), ['partsUnder']);
    if (present instanceof StoreProblem || present?.['partsUnder']?.S === item['partsUnder']?.S) return;
    await table.removeAll(parts.map(({ pk, sk }) => ({ pk: pk?.S ?? '', sk: sk?.S ?? '' })));
  }

  return {
    async beginSweep(sweep, closesByMs) {
      const body = packSweep(sweep, { patterns: [], order: [] });
      if (body instanceof StoreProblem) return body;
      const { item, parts } = sweepItem(sweep, body, { expiresAt: expiresAt(), closesByMs });
      const problem = await putParts(parts);
      if (problem) return problem;
      const outcome = await table.put(item, { expression: 'attribute_not_exists(pk)' });
      return outcome instanceof StoreProblem ? outcome : undefined;
    },

    putHosts,

    async finishSweep({ sweep, hosts, patterns }) {
      await grouped.flush();
      const known = stored.get(sweep.id) ?? new Set();
      const problem = await putHosts(
        sweep.id,
        hosts.filter(({ host }) => !known.has(host)),
      );
      if (problem) return problem;
      stored.delete(sweep.id);
      const unvisited = gatherUnvisited(hosts.filter((host) => isUnvisited(host) && !known.has(host.host)));
      const order = hosts.map(({ host }) => host);
      const body = packSweep(sweep, { patterns, order, ...(unvisited.length > 0 && { unvisited }) });
      if (body instanceof StoreProblem) return body;
      const { item, parts } = sweepItem(sweep, body, { expiresAt: expiresAt() });
      const partsProblem = await putParts(parts);
      if (partsProblem) return partsProblem;
      const outcome = await table.put(item);
      if (outcome instanceof StoreProblem) return outcome;
      await putMark(sweep.id, unvisited);
      return undefined;
    },

    async moveSweep(sweepId, from, to) {
      if (from.length === 0) return false;
      const key = sweepItemKey(sweepId);
      const wanted = from.map((status, index) => [`:from${index}`, { S: status }] as const);
      return await changeOnce(table, key, (changeId) =>
        table.update(key, {
          change: 'SET #status = :to, changeId = :change',
          // Without the second half what is not there would be made.
          condition: `#status IN (${wanted.map(([name]) => name).join(', ')}) AND attribute_exists(pk)`,
          names: { '#status': 'status' },
          values: { ':to': { S: to }, ':change': changeId, ...Object.fromEntries(wanted) },
        }),
      );
    },

    async closeSweep(sweep, { patterns, order, hosts }) {
      await grouped.flush();
      stored.delete(sweep.id);
      const unvisited = gatherUnvisited(hosts);
      const body = packSweep(sweep, {
        patterns: [...patterns],
        order: [...order],
        ...(unvisited.length > 0 && { unvisited }),
      });
      if (body instanceof StoreProblem) return body;
      // Under their hash: who closes it at the same time, with other words, must not write into these parts.
      const { item, parts } = sweepItem(sweep, body, { expiresAt: expiresAt() }, body.hash);
      const problem = await putParts(parts);
      if (problem) return problem;
      const isOurs = await changeOnce(table, sweepItemKey(sweep.id), (changeId) =>
        table.put({ ...item, changeId }, STILL_OPEN),
      );
      if (isOurs === true) await putMark(sweep.id, unvisited);
      else if (isOurs === false && parts.length > 0) await dropParts(sweep.id, item, parts);
      return isOurs;
    },

    flush: grouped.flush,
  };
}

function tooLarge(what: string): StoreProblem {
  return new StoreProblem(
    'too-large',
    `${what} is larger than the store takes and was not stored`,
    'use --json to keep it',
  );
}

/** A finished sweep stays finished, whoever comes late. One that was never noted as begun may be finished too. */
const STILL_OPEN = {
  expression: 'attribute_not_exists(pk) OR #status IN (:queued, :running, :ranking)',
  names: { '#status': 'status' },
  values: { ':queued': { S: 'queued' }, ':running': { S: 'running' }, ':ranking': { S: 'ranking' } },
};

const MOST_KNOWN_SWEEPS = 8;
const DAY_SECONDS = 86_400;
/** Twelve hosts, two items each: BatchWriteItem takes 25. */
const GROUP_ITEMS = 24;
const GROUP_MS = 25;
/** Four full requests. */
const SLICE_HOSTS = 48;
