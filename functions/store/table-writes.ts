/** The writing half of a Store on a table. */

import { setImmediate as turn } from 'node:timers/promises';
import type { Host, Sweep, VisitedHost } from '../../runner/report.ts';
import { pack } from './body.ts';
import { groupWrites } from './group-writes.ts';
import { findingItem, rowItem, type SweepBody, sweepItem } from './items.ts';
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';
import type { Item, Table } from './table.ts';
import { gatherUnvisited, isUnvisited } from './unvisited.ts';

export interface TableWrites extends Pick<Store, 'beginSweep' | 'putHosts' | 'finishSweep'> {
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

  async function putSweep(
    sweep: Sweep,
    rest: Omit<SweepBody, 'asked'>,
    closesByMs?: number,
  ): Promise<StoreProblem | undefined> {
    const body = pack({ ...(sweep.asked && { asked: sweep.asked }), ...rest } satisfies SweepBody);
    if (!body) return tooLarge(`sweep ${sweep.id}`);
    const { item, parts } = sweepItem(sweep, body, {
      expiresAt: expiresAt(),
      ...(closesByMs !== undefined && { closesByMs }),
    });
    const problem = await putParts(parts);
    if (problem) return problem;
    const outcome = await table.put(item, closesByMs === undefined ? undefined : STILL_OPEN);
    return outcome instanceof StoreProblem ? outcome : undefined;
  }

  return {
    beginSweep: (sweep, closesByMs) => putSweep(sweep, { patterns: [], order: [] }, closesByMs),
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
      return await putSweep(sweep, { patterns, order, ...(unvisited.length > 0 && { unvisited }) });
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

/** A finished sweep stays finished, whoever comes late. */
const STILL_OPEN = {
  expression: 'attribute_not_exists(pk) OR #status IN (:queued, :running, :ranking)',
  names: { '#status': 'status' },
  values: { ':queued': { S: 'queued' }, ':running': { S: 'running' }, ':ranking': { S: 'ranking' } },
};

const DAY_SECONDS = 86_400;
/** Twelve hosts, two items each: BatchWriteItem takes 25. */
const GROUP_ITEMS = 24;
const GROUP_MS = 25;
/** Four full requests. */
const SLICE_HOSTS = 48;
