import { expect, test } from 'vitest';
import { reportSchema, type VisitedHost } from '../../runner/report.ts';
import { crowdedHost, healthyHost, saturatedHost, silent } from '../../test/findings.ts';
import { brokenHost } from '../sweep/visits/lost-hosts.ts';
import { ulid } from '../ulid.ts';
import { runSweep } from './sweep.ts';

async function* from(hosts: readonly VisitedHost[]): AsyncGenerator<VisitedHost> {
  yield* hosts;
}

const never = new AbortController().signal;
const plan = (hosts: readonly VisitedHost[], seen: string[] = []): Parameters<typeof runSweep>[0] => ({
  id: ulid(0),
  startedAtMs: Date.now(),
  asked: ['@db'],
  names: hosts.map(({ host }) => host),
  visits: from(hosts),
  windowSeconds: 5,
  signal: never,
  nowMs: Date.now,
  onHost: ({ host }) => {
    seen.push(host);
  },
});

test('the report holds every host once, ranked, counted and valid against its schema', async () => {
  const seen: string[] = [];
  const hosts = [healthyHost('a'), saturatedHost('b'), silent('c'), crowdedHost('d'), brokenHost('e', new Error('x'))];
  const report = await runSweep(plan(hosts, seen));
  expect(reportSchema.parse(structuredClone(report))).toEqual(report);
  expect(report.hosts.map(({ host, rank }) => [rank, host])).toEqual([
    [1, 'c'],
    [2, 'b'],
    [3, 'd'],
    [4, 'e'],
    [5, 'a'],
  ]);
  expect(report.sweep).toMatchObject({
    trigger: 'cli',
    asked: ['@db'],
    status: 'complete',
    targets: 5,
    swept: 3,
    notSwept: 2,
  });
  expect(report.patterns).toMatchObject([{ program: 'logtest.py', hosts: ['b', 'd'] }]);
  expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('an interrupt ends the sweep within a second with what is known, though a visit never ends', async () => {
  const interrupt = new AbortController();
  async function* stuck(): AsyncGenerator<VisitedHost> {
    yield saturatedHost('done');
    await new Promise(() => {});
  }
  setTimeout(() => interrupt.abort(), 50);
  const started = performance.now();
  const report = await runSweep({ ...plan([]), names: ['done', 'late'], visits: stuck(), signal: interrupt.signal });
  expect(performance.now() - started).toBeLessThan(1050);
  expect(report.sweep).toMatchObject({ status: 'interrupted', targets: 2, swept: 1, notSwept: 1 });
  expect(report.hosts.map(({ host, failure }) => [host, failure?.kind])).toEqual([
    ['done', undefined],
    ['late', 'interrupted'],
  ]);
  expect(() => reportSchema.parse(report)).not.toThrow();
});
