/** One running sweep for a host at a time: whoever visits it takes its turn, and others wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { keepClaim } from './kept-claim.ts';

export interface TurnOptions {
  readonly store: Store;
  /** Equal for names that lead to one host (runner/ssh/same-host.ts). */
  readonly door: string;
  readonly sweepId: string;
  /** Tells deliveries of one message apart. */
  readonly invocation: string;
  readonly windowSeconds: number;
  readonly deadlineSeconds: number;
  readonly nowMs: () => number;
  /** Once aborted nobody waits any more. */
  readonly signal: AbortSignal;
}

export type Turn =
  /** `hasWaited`: somebody else had it, and may have been of our own sweep. */
  | { readonly kind: 'mine'; readonly hasWaited: boolean; release(): Promise<void> }
  /** Another sweep had it all the time. */
  | { readonly kind: 'taken'; readonly bySweep: string }
  | { readonly kind: 'given-up' }
  | StoreProblem;

/**
 * Waits for another sweep as long as its visit may take, for a delivery of our own sweep until it lets go or its time is over. While the
 * visit goes on the turn is kept: in a fan-out its own dial may wait.
 */
export async function takeTurn(options: TurnOptions): Promise<Turn> {
  const { store, sweepId, nowMs, signal } = options;
  const name = `turn#${options.door}`;
  const holder = `${sweepId}/${options.invocation}`;
  const holdMs = options.windowSeconds * 1000 + HOLD_MARGIN_MS;
  const giveUpAtMs = nowMs() + options.deadlineSeconds * 1000 + WAIT_MARGIN_MS;
  let pauseMs = FIRST_PAUSE_MS;
  for (let tries = 0; ; tries++) {
    if (signal.aborted) return { kind: 'given-up' };
    const claimed = await keepClaim({ store, name, holder, holdMs, nowMs });
    if (claimed instanceof StoreProblem) return claimed;
    if ('end' in claimed) return { kind: 'mine', hasWaited: tries > 0, release: () => claimed.end() };
    const [bySweep = ''] = claimed.holder.split('/');
    if (bySweep !== sweepId && nowMs() > giveUpAtMs) return { kind: 'taken', bySweep };
    await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
    pauseMs = Math.min(pauseMs * PAUSE_GROWTH, MOST_PAUSE_MS);
  }
}

/** It is renewed at the half of it, which an ordinary visit does not reach; a worker that was killed holds it no longer than that. */
const HOLD_MARGIN_MS = 8000;
/** For what a worker that was killed still holds, and for its host's result to be stored. */
const WAIT_MARGIN_MS = 6000;
/** Two hundred hosts may wait at the same time: whoever waits for long asks less often. */
const FIRST_PAUSE_MS = 250;
const MOST_PAUSE_MS = 1000;
const PAUSE_GROWTH = 1.3;
