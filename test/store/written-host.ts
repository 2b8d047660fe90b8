/** What a writer stores: made from the sweep and the name alone, so that a checker knows what must come back. */
import { createHash } from 'node:crypto';
import type { VisitedHost } from '../../runner/report.ts';
import { saturatedHost } from '../findings.ts';

export function writtenHost(sweepId: string, name: string): VisitedHost {
  const digits = createHash('sha256').update(`${sweepId} ${name}`).digest('hex');
  return saturatedHost(name, {
    kernel: digits,
    score: Number.parseInt(digits.slice(0, 2), 16) % 101,
    limits: Array.from({ length: 30 }, (_, i) => `${digits.slice(i)} of ${name}`),
  });
}

export const namesOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i + 1}`);
