/** What answers about a sweep have in common. */
import type { Context } from 'hono';
import type { Sweep } from '../../runner/report.ts';
import { sweepStartedAt } from '../render/sweep-time.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import { problem, quoted } from './problem.ts';

/** What is no ULID is no sweep's id, and nothing that a store need be asked for. */
export const isSweepId = (id: string): boolean => sweepStartedAt(id) !== undefined;

export function noSweep(c: Context, id: string) {
  return problem(c, 'not-found', `There is no sweep ${quoted(id)}: GET /v1/sweeps lists them.`);
}

/** Of a sweep that has ended there is nothing to wait for. */
export function retryAfter(sweep: Pick<Sweep, 'status' | 'windowSeconds'>): Record<string, string> {
  if (hasEnded(sweep)) return {};
  // No host is done before its window is over.
  const seconds = sweep.status === 'queued' ? Math.ceil(sweep.windowSeconds) + 1 : 1;
  return { 'retry-after': String(seconds) };
}
