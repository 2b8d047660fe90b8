/** The audit's record of a sweep that was asked for, whichever way in it came by. */
import { bundleHash } from '../../runner/bundle/script.ts';
import type { Sweep } from '../../runner/report.ts';
import type { Asker, AuditRecord } from '../audit-record.ts';
import { foldedNames } from '../render/fold-names.ts';

/** @param names of the hosts, all of them */
export function askedRecord(
  sweep: Pick<Sweep, 'id' | 'startedAt' | 'asked'>,
  by: Asker,
  names: readonly string[],
): AuditRecord & { event: 'asked' } {
  return {
    event: 'asked',
    at: sweep.startedAt,
    sweepId: sweep.id,
    by,
    ...(sweep.asked !== undefined && { targets: firstOf(sweep.asked) }),
    hosts: foldedWithin(names),
    hostCount: names.length,
    bundleHash: bundleHash(),
  };
}

/** Names as few words; of very many words the last one says how many hosts more there are. */
export function foldedWithin(names: readonly string[], most = MOST_WORDS): string[] {
  const words = foldedNames(names);
  if (words.length <= most) return words.map(({ text }) => text);
  const shown = words.slice(0, most);
  const rest = words.slice(most).reduce((sum, { count }) => sum + count, 0);
  return [...shown.map(({ text }) => text), `and ${rest} more`];
}

function firstOf(targets: readonly string[]): string[] {
  if (targets.length <= MOST_WORDS) return [...targets];
  return [...targets.slice(0, MOST_WORDS), `and ${targets.length - MOST_WORDS} more`];
}

const MOST_WORDS = 100;
