import { describe, expect, it } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { crowdedHost, healthyHost, refused, saturatedHost, silent, unknownKey } from '../../test/findings.ts';
import { failureViews } from './failure-view.ts';
import { firstRows } from './first-rows.ts';
import { rankingLine } from './ranking-view.ts';

const line = (host: VisitedHost) => rankingLine(rankingRowOf(host), undefined, undefined);

describe('a line of the ranking', () => {
  it('has host, disk, verdict, culprit, file, share and the course of the queue', () => {
    expect(rankingLine(rankingRowOf(saturatedHost('db-1')), 3, { kind: 'new', text: 'now' })).toEqual({
      name: 'db-1',
      host: 'db-1',
      rank: 3,
      standing: 'saturated',
      disk: 'sda',
      figures: ['99.2 % busy', 'queue 1,102', 'await 7.3 s'],
      culprit: 'logtest.py (python) in logger.service',
      activity: 'buffered writes',
      file: '/tmp/logtest.txt',
      share: '98 %',
      queueTrend: '99999999999999999999',
      change: { kind: 'new', text: 'now' },
    });
  });

  it('counts further culprits, and says of a host without one what is to be known', () => {
    expect(line(crowdedHost('db-2')).culprit).toMatch(/and 1 more$/);
    expect(line(silent('db-3'))).toMatchObject({ standing: 'suspected-hung', disk: '', share: '' });
    expect(line(silent('db-3')).culprit).toContain('its root disk may hang');
    expect(line(refused('db-4')).culprit).toBe('connection refused');
    expect(line(healthyHost('db-5')).culprit).toBe('');
  });
});

describe('the first page', () => {
  const [bad, fine, lost] = [saturatedHost('a'), healthyHost('b'), refused('c')].map(rankingRowOf);
  const rows = [bad, lost, fine].filter((row) => row !== undefined);

  it('lists those of whom there is something to say, and counts the others', () => {
    expect(firstRows(rows, true)).toEqual({ rows: rows.slice(0, 1), goesOn: false });
    expect(firstRows(rows.slice(0, 1), true)).toEqual({ rows: rows.slice(0, 1), goesOn: true });
  });

  it('lists the others where there is nobody else', () => {
    expect(firstRows(rows.slice(1), true)).toEqual({ rows: rows.slice(1), goesOn: true });
  });
});

describe('hosts that were not reached', () => {
  it('are told by reason, the largest group first, folded', () => {
    const hosts = [unknownKey('app-1'), ...['1', '2', '3'].map((n) => refused(`web-${n}`)), silent('db-1')];
    expect(failureViews(hosts.map(rankingRowOf))).toEqual([
      { reason: 'connection refused', meaning: 'the port is closed', count: 3, names: 'web-[1-3]' },
      { reason: 'host key unknown', meaning: 'no known_hosts entry for the host', count: 1, names: 'app-1' },
    ]);
  });

  it('are told by a reason that this whodisk does not know, encoded', () => {
    const row = { ...rankingRowOf(refused('a')), failureKind: 'toString\u001b' };
    expect(failureViews([row])).toMatchObject([{ reason: 'toString\\x1b', meaning: '' }]);
    expect(failureViews([{ ...row, failureKind: 'constructor' }])).toMatchObject([{ reason: 'constructor' }]);
  });
});
