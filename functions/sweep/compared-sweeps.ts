/** Which two sweeps are compared where nobody says it: what @db showed says nothing of @web. */
import type { Sweep } from '../../runner/report.ts';

/** Whether it has ended, however it did. */
export function hasEnded({ status }: Pick<Sweep, 'status'>): boolean {
  return status !== 'queued' && status !== 'running' && status !== 'ranking';
}

/** What a sweep was asked for, in whatever order. */
function askedKey({ asked }: Pick<Sweep, 'asked'>): string {
  return JSON.stringify(asked === undefined ? null : [...asked].sort());
}

/** The last one before `to` that asked for the same targets and has ended. @param newestFirst as the store lists them */
export function earlierOf(to: Sweep, newestFirst: readonly Sweep[]): Sweep | undefined {
  const key = askedKey(to);
  return newestFirst.find((sweep) => sweep.id < to.id && hasEnded(sweep) && askedKey(sweep) === key);
}

/** How far back a sweep is looked for. */
export const SWEEPS_LOOKED_AT = 200;
