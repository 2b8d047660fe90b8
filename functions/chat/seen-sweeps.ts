/** The sweeps of which somebody in chat may see something, and how much of them. */
import type { Sweep } from '../../runner/report.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { StoreProblem } from '../store/problem.ts';
import { SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import { knownNames } from '../sweep/known-targets.ts';
import type { Ask } from './ask.ts';

/** Newest first: those that asked for a host which may be seen. */
export async function seenSweeps({ deps, may, config }: Ask): Promise<Sweep[] | StoreProblem> {
  const read = await deps.store.sweeps({ limit: SWEEPS_LOOKED_AT });
  if (read instanceof StoreProblem) return read;
  // Many sweeps ask for the same, and a group may have ten thousand hosts.
  const meant = new Map<string, boolean>();
  const mayBeSeen = (word: string): boolean => {
    const known = meant.get(word) ?? knownNames(word, config.inventory).some((name) => may.hosts.has(name));
    meant.set(word, known);
    return known;
  };
  return read.sweeps.filter(({ asked }) => asked?.some(mayBeSeen) === true);
}

/** Whether all that it asked for may be seen, so that its targets and its numbers may be told. */
export function isWholeSeen({ asked }: Sweep, { may, config }: Pick<Ask, 'may' | 'config'>): boolean {
  return (
    asked?.every((word) => {
      const names = knownNames(word, config.inventory);
      return names.length > 0 && names.every((name) => may.hosts.has(name));
    }) === true
  );
}

/** The rows that may be seen, worst first. */
export async function seenRows({ deps, may }: Ask, sweepId: string): Promise<RankingRow[] | StoreProblem> {
  const read = await deps.store.allRows(sweepId);
  return read instanceof StoreProblem ? read : read.rows.filter(({ host }) => may.hosts.has(host));
}

/** The sweep as it is for who may see only these of its hosts: what was asked for besides is not told. */
export function seenPart(sweep: Sweep, rows: readonly RankingRow[], ask: Pick<Ask, 'may' | 'config'>): Sweep {
  if (isWholeSeen(sweep, ask)) return sweep;
  const { counts: _counts, by: _by, ...rest } = sweep;
  return { ...rest, asked: [...ask.may.targets], targets: rows.length };
}
