/** The end of a sweep: ranked, closed and told, each once, however many try. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sweep } from '../../runner/report.ts';
import { patternsOfRows } from '../../runner/triage/patterns-of-rows.ts';
import { StoreProblem } from '../store/problem.ts';
import { begin } from './begin.ts';
import { cancelledBy } from './cancelled-by.ts';
import type { SweepDeps } from './deps.ts';
import { type KeptClaim, keepClaim } from './kept-claim.ts';
import { rankedOf } from './ranked.ts';
import { areAllShardsDone, type OpenJob, readJob } from './read-job.ts';
import { untilWorkersStopped } from './workers-stopped.ts';

/**
 * Ends a sweep whose shards are all done, that was cancelled, or whose time is over; of any other it does nothing. Tells its results
 * until that is done, or for an hour.
 *
 * @param waits for whoever is at it already, until it is clear that they live
 * @returns 'again' where the store failed
 */
export async function finishSweep(deps: SweepDeps, sweepId: string, waits = true): Promise<'done' | 'again'> {
  const { store, nowMs } = deps;
  const holder = randomUUID();
  for (let left = waits ? MOST_LOOKS : 1; ; left--) {
    const open = await readJob(deps, sweepId);
    if (open instanceof StoreProblem) return 'again';
    if (open === undefined || !mayEnd(open, nowMs())) return 'done';
    // It only saves work: what must happen once is conditional by itself.
    const claim = await keepClaim({ store, name: `finish#${sweepId}`, holder, holdMs: LEASE_MS, nowMs });
    if (claim instanceof StoreProblem) return 'again';
    if ('end' in claim) return await finishHeld(deps, open, claim);
    if (left <= 1) return 'done';
    await sleep(LOOK_MS);
  }
}

async function finishHeld(deps: SweepDeps, open: OpenJob, claim: KeptClaim): Promise<'done' | 'again'> {
  let keepMs: number | undefined;
  try {
    const ended = await end(deps, open.isCancelled ? await untilWorkersStopped(deps, open) : open);
    if (ended instanceof StoreProblem) return 'again';
    if (await tell(deps, open, ended)) return (await deps.store.closeJob(open.id)) === undefined ? 'done' : 'again';
    // The watchdog tries it again, once nobody has the claim.
    keepMs = TELLING_PAUSE_MS;
    return 'done';
  } finally {
    await claim.end(keepMs);
  }
}

export function mayEnd(open: OpenJob, nowMs: number): boolean {
  return open.isCancelled || areAllShardsDone(open) || nowMs >= open.job.closesByMs;
}

/** The sweep as it ended, now or before. */
async function end(deps: SweepDeps, open: OpenJob): Promise<Sweep | StoreProblem> {
  const { store, log } = deps;
  const { id, job } = open;
  const before = await store.sweep(id);
  if (before instanceof StoreProblem) return before;
  // A sweep whose time is over is read as "incomplete" though nobody has ended it.
  let ended = before?.sweep.finishedAt === undefined ? undefined : before.sweep;
  if (ended === undefined) {
    const begun = before === undefined ? await begin(deps, job) : undefined;
    if (begun !== undefined) return begun;
    const moved = await store.moveSweep(id, ['queued', 'running'], 'ranking');
    if (moved instanceof StoreProblem) return moved;
    const stored = await store.allRows(id);
    if (stored instanceof StoreProblem) return stored;
    for (const { what, why } of stored.unreadable) log.warn('a row cannot be read', { sweepId: id, host: what, why });
    const ranked = rankedOf(open, stored.rows, deps.nowMs());
    const patterns = patternsOfRows(ranked.rows);
    const closed = await store.closeSweep(ranked.sweep, { patterns, order: ranked.order, hosts: ranked.lost });
    if (closed instanceof StoreProblem) return closed;
    const after = closed ? undefined : await store.sweep(id);
    if (after instanceof StoreProblem) return after;
    ended = after?.sweep ?? ranked.sweep;
    const { status, swept, notSwept } = ended;
    if (closed) log.info('a sweep has ended', { sweepId: id, status, swept, notSwept });
  }
  return (await recordEnd(deps, open, ended)) ?? ended;
}

/** Again each time: whoever closed the sweep may have been killed before this. */
async function recordEnd(
  deps: SweepDeps,
  { id, isCancelled }: OpenJob,
  { status, swept, notSwept, finishedAt, startedAt }: Sweep,
): Promise<StoreProblem | undefined> {
  const by = isCancelled && status === 'cancelled' ? await cancelledBy(deps, id) : undefined;
  if (by instanceof StoreProblem) return by;
  const at = finishedAt ?? startedAt;
  return await deps.store.addAudit({
    event: 'ended',
    at,
    sweepId: id,
    status,
    swept,
    notSwept,
    ...(by !== undefined && { cancelledBy: by }),
  });
}

/** @returns true also where it is given up */
async function tell({ tell: told, log, nowMs }: SweepDeps, { id, job }: OpenJob, sweep: Sweep): Promise<boolean> {
  if (job.tell.length === 0 || (await told(job, sweep))) return true;
  const sinceMs = nowMs() - Date.parse(sweep.finishedAt ?? sweep.startedAt);
  if (sinceMs < MOST_TELLING_MS) return false;
  log.error('the results could not be told within an hour: given up', { sweepId: id });
  return true;
}

/** Renewed while it is worked on: what a process that was killed has begun, the next one takes up in this time. */
const LEASE_MS = 4000;
const LOOK_MS = 500;
const MOST_LOOKS = 12;
/** Between two attempts to tell. */
const TELLING_PAUSE_MS = 45_000;
const MOST_TELLING_MS = 3_600_000;
