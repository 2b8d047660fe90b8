/** Patterns (patterns.ts) from ranking rows alone: the findings of ten thousand hosts would be a hundred megabytes. */
import { normalisePath } from './normalise.ts';
import type { Pattern } from './patterns.ts';
import type { RankingRow } from './ranking-row.ts';

/**
 * As `findPatterns`, of the culprits that the rows have: the three largest of the worst disk. A long path lacks its start in a row,
 * and in the pattern.
 *
 * @param rows in the order of their rank
 */
export function patternsOfRows(rows: readonly Pick<RankingRow, 'host' | 'culprits'>[]): Pattern[] {
  const byKey = new Map<string, Omit<Pattern, 'hosts'> & { hosts: Set<string> }>();
  for (const { host, culprits } of rows) {
    for (const { fingerprint, program, activity, path } of culprits) {
      // Not the fingerprint alone: a hostile host may make one that another's culprit has.
      const key = JSON.stringify([fingerprint, program, activity]);
      const known = byKey.get(key);
      if (known) {
        known.hosts.add(host);
        continue;
      }
      const pathPattern = path === undefined ? undefined : normalisePath(path);
      byKey.set(key, {
        fingerprint,
        program,
        activity,
        ...(pathPattern !== undefined && { pathPattern }),
        hosts: new Set([host]),
      });
    }
  }
  return [...byKey.values()]
    .filter(({ hosts }) => hosts.size > 1)
    .map((pattern) => ({ ...pattern, hosts: [...pattern.hosts] }))
    .sort((a, b) => b.hosts.length - a.hosts.length || (a.fingerprint < b.fingerprint ? -1 : 1));
}
