/** How far one delivery of a shard is, and what ends it before its time. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure, VisitedHost } from '../../runner/report.ts';
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { failedHost } from './visits/lost-hosts.ts';

/** Why it ends although hosts are left. */
export type Stop =
  /** Somebody has ended the sweep. */
  | 'closed'
  | 'cancelled'
  /** The store fails. */
  | 'store'
  /** Whoever runs it has no more time. */
  | 'limits';

export interface ShardRun {
  /** Hosts that are not stored yet. */
  readonly left: ReadonlySet<string>;
  readonly stopped: () => Stop | undefined;
  /** Once aborted no host is begun, and none waits for its turn. */
  readonly stopBeginning: AbortSignal;
  /** Once aborted hosts under way are given up. */
  readonly giveUp: AbortSignal;
  /** Whether a host that is begun now has the time to be done. */
  readonly hasTime: () => boolean;
  stop(why: Stop): void;
  /** Resolves when it is stored, or when it is known that it cannot be. Never rejects. */
  put(host: VisitedHost): Promise<void>;
  /** It is stored already. */
  noteStored(name: string): void;
  /** Says the last of it, and listens to nothing any more. */
  end(): Promise<void>;
}

export interface ShardRunOptions {
  readonly sweepId: string;
  readonly shard: number;
  readonly names: readonly string[];
  readonly deadlineSeconds: number;
  /** Of hosts that an earlier delivery has stored. */
  readonly notSweptBefore: number;
  readonly limits: Limits;
}

export function beginShardRun({ store, nowMs, log }: SweepDeps, options: ShardRunOptions): ShardRun {
  const { sweepId, shard, names, limits } = options;
  const left = new Set(names);
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const ended = new AbortController();
  let stopped: Stop | undefined;
  let notSwept = options.notSweptBefore;
  let said = '';

  function stop(why: Stop): void {
    stopped ??= why;
    stopping.abort();
    if (why === 'closed' || why === 'cancelled') givingUp.abort();
  }

  const stopForLimits = (): void => stop('limits');
  const giveUpForLimits = (): void => {
    stop('limits');
    givingUp.abort();
  };
  const releases = [
    listen(limits.stopBeginning, stopForLimits),
    listen(limits.giveUp, giveUpForLimits),
    limits.endsByMs === undefined ? () => {} : at(limits.endsByMs - nowMs() - ANSWER_MS, giveUpForLimits),
  ];
  // Every host of the shard listens; Node takes more than ten for a leak.
  setMaxListeners(0, stopping.signal, givingUp.signal);

  async function sayProgress(): Promise<void> {
    const now = { done: names.length - left.size, notSwept };
    if (JSON.stringify(now) === said) return;
    said = JSON.stringify(now);
    await store.shardProgress(sweepId, shard, now);
  }

  async function watch(): Promise<void> {
    while (!ended.signal.aborted) {
      await sayProgress();
      const job = await store.jobState(sweepId);
      if (job === undefined) stop('closed');
      else if (!(job instanceof StoreProblem) && job.isCancelled) stop('cancelled');
      await sleep(LOOK_MS, undefined, { signal: ended.signal }).catch(() => {});
    }
  }
  const watching = watch();

  return {
    left,
    stopped: () => stopped,
    stopBeginning: stopping.signal,
    giveUp: givingUp.signal,
    hasTime: () =>
      limits.endsByMs === undefined || nowMs() + options.deadlineSeconds * 1000 + ANSWER_MS < limits.endsByMs,
    stop,
    async put(host) {
      if (stopped === 'closed') return;
      let problem = await store.putHosts(sweepId, [host]);
      let kept = host;
      if (problem?.kind === 'too-large') {
        kept = failedHost(host.host, { ...TOO_LARGE, message: problem.message });
        problem = await store.putHosts(sweepId, [kept]);
      }
      if (problem !== undefined) {
        if (stopped === undefined) log.warn('a host could not be stored', { sweepId, problem: problem.message });
        stop('store');
        return;
      }
      left.delete(host.host);
      if (kept.status === 'not-swept') notSwept += 1;
    },
    noteStored: (name) => void left.delete(name),
    async end() {
      ended.abort();
      for (const release of releases) release();
      await watching;
      await sayProgress();
    },
  };
}

const TOO_LARGE: Pick<Failure, 'phase' | 'kind'> = { phase: 'parse', kind: 'internal' };

function listen(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
}

function at(inMs: number, act: () => void): () => void {
  // setTimeout takes 31 bits.
  const timer = setTimeout(act, Math.min(Math.max(inMs, 0), 2 ** 31 - 1));
  return () => clearTimeout(timer);
}

const LOOK_MS = 1000;
/** For the last writes, and to answer who called. */
const ANSWER_MS = 3000;
