import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sweep } from '../../runner/report.ts';
import { healthyHost, refused, reportOf } from '../../test/findings.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { countedStore } from './counted-store.ts';

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

test.each([
  ['complete', [['SweepComplete'], ['HostsNotSwept', 1]]],
  ['incomplete', [['SweepIncomplete'], ['HostsNotSwept', 1]]],
  ['cancelled', [['HostsNotSwept', 1]]],
] satisfies [Sweep['status'], unknown][])(
  'a sweep that ends as %s is counted once, however many try to end it',
  async (status, wanted) => {
    const counted: unknown[][] = [];
    const store = countedStore(await site.open(), (...args) => void counted.push(args));
    const { sweep, patterns } = reportOf([healthyHost('web-1'), refused('gone-1')], { id: nextSweepId(), status });
    must(await store.beginSweep({ ...sweep, status: 'running' }, Date.now() + 60_000));
    const rest = { patterns, order: [], hosts: [] };
    const closed = await Promise.all([1, 2, 3].map(() => store.closeSweep(sweep, rest)));
    expect(closed.filter((isOurs) => isOurs === true)).toHaveLength(1);
    expect(counted).toEqual(wanted);
  },
);
