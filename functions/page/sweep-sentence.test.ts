import { describe, expect, it } from 'vitest';
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { healthyHost, refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { countStandings } from '../render/standing.ts';
import { sweepSentence } from './sweep-sentence.ts';

function said(hosts: readonly VisitedHost[], more: Partial<Sweep> = {}): string {
  const { sweep, patterns } = reportOf(hosts, more);
  return sweepSentence({ ...sweep, counts: countStandings(hosts), ...more }, patterns);
}
const named = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const other = { disks: [] };

describe('a sweep in one sentence', () => {
  it('says how many are saturated, and what is the same on all of them', () => {
    const hosts = [
      ...named('db', 3).map((name) => saturatedHost(name)),
      ...named('w', 209).map((name) => healthyHost(name)),
    ];
    expect(said(hosts)).toBe('3 of 212 hosts saturated; the same logtest.py on all three');
  });

  it('says what is the same on some, and how many were not reached', () => {
    const hosts = [
      saturatedHost('a'),
      saturatedHost('b'),
      saturatedHost('c', other),
      silent('d'),
      refused('e'),
      healthyHost('f'),
    ];
    expect(said(hosts)).toBe(
      '1 suspected to hang and 3 saturated of 6 hosts; the same logtest.py on 2 of them; 1 not reached',
    );
  });

  it('says that nobody is in trouble, of those that could be judged', () => {
    const busy = healthyHost('b', { verdict: 'busy' });
    expect(said([healthyHost('a'), busy, refused('c')])).toBe('None of 2 hosts is saturated, 1 busy; 1 not reached');
    expect(said([healthyHost('a')])).toBe('The host is not saturated');
    expect(said([saturatedHost('a')])).toBe('The host is saturated');
    expect(said([refused('a')])).toBe('Nothing can be said of the host');
    expect(said([refused('a'), refused('b')])).toBe('Nothing can be said of 2 hosts; 2 not reached');
  });

  it('says how it ended where it did not as it should', () => {
    expect(said([saturatedHost('a'), refused('b')], { status: 'incomplete' })).toBe(
      'Incomplete: 1 of 2 hosts saturated; 1 not reached',
    );
    const { counts: _, ...old } = reportOf([healthyHost('a')], { status: 'interrupted' }).sweep;
    expect(sweepSentence(old, [])).toBe('Interrupted: 1 of 1 host swept');
  });

  it('says how far it is while it runs', () => {
    const { sweep } = reportOf([healthyHost('a'), healthyHost('b')], { status: 'running' });
    expect(sweepSentence(sweep, [], 1)).toBe('Sweeping: 1 of 2 hosts done');
    expect(sweepSentence(sweep, [])).toBe('Sweeping 2 hosts');
    expect(sweepSentence({ ...sweep, status: 'queued' }, [])).toBe('2 hosts to be swept in a moment');
  });
});
