import { describe, expect, it } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { healthyHost, refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { countStandings } from '../render/standing.ts';
import { type HeatSweep, heatRows, heatSweep } from './heat.ts';

function sweepOf(...hosts: readonly VisitedHost[]): HeatSweep {
  const { sweep, hosts: ranked } = reportOf(hosts);
  return heatSweep(
    { ...sweep, counts: countStandings(hosts) },
    ranked.map(({ host }) => host),
  );
}
const busy = (name: string): VisitedHost => healthyHost(name, { verdict: 'busy', score: 25 });

describe('the heat of a fleet', () => {
  it('is where each host stood in each sweep, told by its place in the order', () => {
    const sweeps = [
      sweepOf(healthyHost('a'), saturatedHost('b'), refused('c'), busy('d')),
      sweepOf(saturatedHost('a'), silent('b'), healthyHost('c'), healthyHost('d')),
    ];
    expect(heatRows(sweeps, 9)).toEqual([
      { path: 'hosts/b', host: 'b', standings: ['saturated', 'suspected-hung'], troubled: 2 },
      { path: 'hosts/a', host: 'a', standings: ['healthy', 'saturated'], troubled: 1 },
    ]);
  });

  it('leaves a gap where a host was not among the targets, and names that hold another are told apart', () => {
    const sweeps = [sweepOf(saturatedHost('db-11'), healthyHost('db-2')), sweepOf(saturatedHost('db-1'))];
    expect(heatRows(sweeps, 9).map(({ host, standings }) => [host, ...standings])).toEqual([
      ['db-1', undefined, 'saturated'],
      ['db-11', 'saturated', undefined],
    ]);
  });

  it('says nothing of a sweep whose counts do not fit its hosts', () => {
    const { sweep } = reportOf([saturatedHost('a'), healthyHost('b')]);
    const old = heatSweep(sweep, ['a', 'b']);
    expect(heatRows([old, sweepOf(saturatedHost('a'))], 9)).toMatchObject([{ standings: [undefined, 'saturated'] }]);
  });

  it('shows those that are in trouble most often, and no more than are asked for', () => {
    const hosts = ['a', 'b', 'c'].map((name) => saturatedHost(name));
    const rows = heatRows([sweepOf(...hosts), sweepOf(saturatedHost('c'), healthyHost('a'), healthyHost('b'))], 2);
    expect(rows.map(({ host }) => host)).toEqual(['c', 'a']);
  });
});
