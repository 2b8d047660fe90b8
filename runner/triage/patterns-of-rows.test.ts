import { describe, expect, test } from 'vitest';
import { python, saturatedHost, sda } from '../../test/findings.ts';
import type { Culprit } from './finding.ts';
import { findPatterns } from './patterns.ts';
import { patternsOfRows } from './patterns-of-rows.ts';
import { rankingRowOf } from './ranking-row.ts';

const hostWith = (name: string, culprit: Partial<Culprit>) =>
  saturatedHost(name, { disks: [{ ...sda, culprits: [{ ...python, ...culprit }] }] });
const file = (path: string): Partial<Culprit> => ({ files: [{ path, deleted: false, share: 1 }] });

describe('patterns from rows', () => {
  test('are those from the whole findings', () => {
    const hosts = [
      saturatedHost('db-1'),
      saturatedHost('db-2'),
      hostWith('db-3', file('/var/log/app.log.3.gz')),
      hostWith('db-4', file('/var/log/app.log.12')),
      hostWith('db-5', { ...file('/var/log/app.log.12'), unit: 'session-12.scope' }),
      hostWith('db-6', { activity: 'read' }),
    ];
    const patterns = patternsOfRows(hosts.map(rankingRowOf));
    expect(patterns).toEqual(findPatterns(hosts));
    expect(patterns.map((pattern) => pattern.hosts)).toEqual(
      expect.arrayContaining([
        ['db-1', 'db-2'],
        ['db-3', 'db-4'],
      ]),
    );
  });

  test('know a long path by its end, under the fingerprint of the whole', () => {
    const path = `/srv/${'deep/'.repeat(40)}data.db`;
    const hosts = [hostWith('a', file(path)), hostWith('b', file(path))];
    const [pattern] = patternsOfRows(hosts.map(rankingRowOf));
    expect(pattern?.fingerprint).toBe(findPatterns(hosts)[0]?.fingerprint);
    expect(pattern?.pathPattern).toMatch(/^….*data\.db$/);
  });

  test('of one host, or of two that only forge a fingerprint, there are none', () => {
    const row = rankingRowOf(saturatedHost('a'));
    const [culprit] = row.culprits;
    if (culprit === undefined) throw new Error('no culprit');
    const forged = { host: 'b', culprits: [{ ...culprit, program: 'other' }] };
    expect(patternsOfRows([row, row])).toEqual([]);
    expect(patternsOfRows([row, forged])).toEqual([]);
  });
});
