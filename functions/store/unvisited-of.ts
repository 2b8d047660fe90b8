/** Hosts of a sweep that have no items of their own. */
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import type { Alive } from './alive.ts';
import { sweepBodyOf } from './bodies.ts';
import { sweepItemKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Table } from './table.ts';
import { unvisitedHosts } from './unvisited.ts';

export interface UnvisitedOfSweep {
  readonly hosts: readonly VisitedHost[];
  /** A worker that was given up may store one of them after all. Who is interrupted stores all there is, then ends. */
  readonly mayAnswer: boolean;
}

/** None where the sweep cannot be read: what there is of the others stands. */
export async function unvisitedOf(
  table: Table,
  get: Alive['get'],
  sweepId: string,
): Promise<UnvisitedOfSweep | StoreProblem> {
  const item = await get(sweepItemKey(sweepId));
  if (!item || item instanceof StoreProblem) return item ?? NO_UNVISITED;
  const body = await sweepBodyOf(table, item);
  if (body instanceof StoreProblem) return body;
  if ('damage' in body) return NO_UNVISITED;
  const mayAnswer = item['status']?.S !== ('interrupted' satisfies Sweep['status']);
  return { hosts: unvisitedHosts(body.unvisited ?? []), mayAnswer };
}

/** Of a sweep whose hosts all have theirs. */
export const NO_UNVISITED: UnvisitedOfSweep = { hosts: [], mayAnswer: false };
