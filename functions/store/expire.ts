/** Removes what has expired, which DynamoDB does by itself and the embedded store does not: some of it at a time, the oldest first. */
import { expiryOf, partCountOf, sortKeyOf } from './items.ts';
import { type Key, partKey, rowsOf, SWEEPS, sweepItemKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Table } from './table.ts';

/**
 * A sweep's own item goes last, so what is not done in time is found again the next time.
 *
 * @param bounds stops after about `items`, or when the clock shows `untilMs`
 */
export async function removeExpired(
  table: Table,
  nowMs: () => number,
  bounds: { items: number; untilMs: number },
): Promise<StoreProblem | undefined> {
  const now = nowMs() / 1000;
  const oldest = await table.query({ pk: SWEEPS, limit: OLDEST });
  if (oldest instanceof StoreProblem) return oldest;
  let left = bounds.items;
  for (const sweep of oldest.items.filter((item) => expiryOf(item) <= now)) {
    const sweepId = sortKeyOf(sweep);
    for (;;) {
      if (left <= 0 || nowMs() >= bounds.untilMs) return undefined;
      const rows = await table.query({ pk: rowsOf(sweepId), limit: ROWS_AT_A_TIME });
      if (rows instanceof StoreProblem) return rows;
      if (rows.items.length === 0) break;
      const keys = rows.items.flatMap((row): Key[] => {
        const finding = { pk: sortKeyOf(row), sk: sweepId };
        return [finding, ...partsOf(finding, partCountOf(row)), { pk: rowsOf(sweepId), sk: finding.pk }];
      });
      const problem = await table.removeAll(keys);
      if (problem) return problem;
      left -= keys.length;
    }
    const key = sweepItemKey(sweepId);
    const problem = await table.removeAll([...partsOf(key, partCountOf(sweep)), key]);
    if (problem) return problem;
  }
  return undefined;
}

const partsOf = (key: Key, count: number): Key[] => Array.from({ length: count }, (_, index) => partKey(key, index));

const OLDEST = 50;
/** Their findings and themselves are 24 items: one request. */
const ROWS_AT_A_TIME = 12;
