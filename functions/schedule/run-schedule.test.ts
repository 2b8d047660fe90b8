import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OPS, TELL_CONFIG, type TellSite, tellSite } from '../../test/serve/tell-site.ts';
import { must } from '../../test/store/embedded.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { createSweepService } from '../sweep/create-service.ts';
import type { Message } from '../sweep/messages.ts';
import type { ScheduleDeps } from './deps.ts';
import { runSchedule } from './run-schedule.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

const AT = Date.parse('2026-11-28T03:00:00.000Z');

let site: TellSite;
let sent: Message[];
beforeEach(async () => {
  site = await tellSite();
  sent = [];
  site.setNow(AT + 7);
});
afterEach(() => site.end());

/** What is queued stays there: sweeps do not end by themselves. */
function depsOf(store: Store = site.store): ScheduleDeps {
  const deps = { ...site.deps, store };
  const service = createSweepService({
    ...deps,
    queue: { send: async (messages) => void sent.push(...messages) },
    local: { homeDirectory: site.stores.folder, user: 'tester', env: {}, stateFolder: site.stores.folder },
    tell: async () => true,
  });
  return { ...deps, service };
}
const told = (path: string): string[] =>
  site.receiver.received.filter((one) => one.path === path).map(({ json }) => (json as { sentence: string }).sentence);

describe('a schedule that fires', () => {
  test('begins one sweep, whose destinations hear of changes', async () => {
    const run = await runSchedule(depsOf(), 'nightly', AT + 7);
    if (run.kind !== 'started') throw new Error(JSON.stringify(run));
    expect(run.sweep).toMatchObject({ trigger: 'schedule', by: 'schedule nightly', asked: ['@db'], targets: 3 });
    expect(must(await site.store.job(run.sweep.id))?.job).toMatchObject({
      by: { kind: 'schedule', name: 'nightly' },
      tell: [
        { kind: 'destination', name: 'ops', onlyChanges: true, watch: 'saturated' },
        { kind: 'destination', name: 'tickets', onlyChanges: true, watch: 'saturated' },
      ],
    });
    expect(site.receiver.received).toEqual([]);
  });

  test('in two processes on one store fires once, however late the second one is', async () => {
    const deps = [depsOf(), depsOf(await site.stores.open({ nowMs: site.deps.nowMs }))];
    const runs = await Promise.all(deps.map((each, n) => runSchedule(each, 'nightly', AT + n * 900)));
    site.setNow(AT + 59_000);
    runs.push(await runSchedule(depsOf(), 'nightly', AT + 59_000));
    expect(runs.map(({ kind }) => kind).sort()).toEqual(['known', 'known', 'started']);
    expect(must(await site.store.sweeps({ limit: 9 })).sweeps).toHaveLength(1);
    expect(site.receiver.received).toEqual([]);
  });

  test('while its last sweep is under way is left out, and that is said once', async () => {
    const deps = depsOf();
    await runSchedule(deps, 'nightly', AT);
    for (const minutes of [1, 2, 3]) {
      site.setNow(AT + minutes * 60_000);
      expect(await runSchedule(deps, 'nightly', AT + minutes * 60_000)).toEqual({ kind: 'skipped' });
    }
    expect(told('/tickets')).toEqual([
      'a sweep was left out, since the one of 2026-11-28T03:00:00.007Z is still under way. Give it fewer targets or more time.',
    ]);
    expect(site.receiver.received.filter(({ path }) => path === OPS)).toMatchObject([
      { json: { text: expect.stringContaining('schedule nightly: a sweep was left out') } },
    ]);
    expect(must(await site.store.sweeps({ limit: 9 })).sweeps).toHaveLength(1);
  });

  test('is not held up by a sweep of somebody else', async () => {
    await depsOf().service.start({
      targets: ['@db'],
      trigger: 'api',
      by: { kind: 'api', token: 'nightly', id: 'T' },
      tell: [],
    });
    site.setNow(AT + 60_000);
    expect(await runSchedule(depsOf(), 'nightly', AT + 60_000)).toMatchObject({ kind: 'started' });
  });

  test('of a name that is not there any more does nothing', async () => {
    expect(await runSchedule(depsOf(), 'hourly', AT)).toMatchObject({ kind: 'refused' });
    expect(sent).toEqual([]);
  });
});

describe('a schedule that cannot run', () => {
  test('because every sweep is stopped says so once a day', async () => {
    site.writeConfig(`enabled: false\n${TELL_CONFIG}`);
    for (const hours of [0, 1, 2, 24, 25]) {
      site.setNow(AT + hours * 3_600_000);
      expect(await runSchedule(depsOf(), 'nightly', AT + hours * 3_600_000)).toMatchObject({ kind: 'refused' });
    }
    expect(told('/tickets')).toHaveLength(2);
    expect(told('/tickets')[0]).toMatch(
      /^it could not run\. Every sweep is stopped: enabled is false in .*whodisk\.yml line 1\.$/u,
    );
  });

  test('because whodisk.yml is broken tells those of the last one that was not', async () => {
    const lastConfig = await site.deps.config();
    if ('problem' in lastConfig) throw new Error(lastConfig.problem);
    site.writeConfig(`port: lots\n${TELL_CONFIG}`);
    const deps = { ...depsOf(), lastConfig: () => lastConfig };
    expect(await runSchedule(deps, 'nightly', AT)).toMatchObject({ kind: 'refused' });
    expect(told('/tickets')[0]).toContain('port: give a whole number');
    // Nobody is known then, but the log.
    expect(await runSchedule(depsOf(), 'nightly', AT + 60_000)).toMatchObject({ kind: 'refused' });
    expect(site.logged.at(-1)).toContain('a schedule could not run');
  });

  test('because its configuration cannot be read just now begins its one sweep when it is asked again for the same minute', async () => {
    const config = async () => ({ problem: 'The table is throttled.', isPassing: true }) as const;
    const refused = { kind: 'refused', message: 'The table is throttled.', isPassing: true };
    expect(await runSchedule({ ...depsOf(), config }, 'nightly', AT)).toEqual(refused);
    site.setNow(AT + 60_000);
    expect(await runSchedule(depsOf(), 'nightly', AT)).toMatchObject({ kind: 'started' });
    expect(await runSchedule(depsOf(), 'nightly', AT)).toEqual({ kind: 'known' });
  });

  test('because the store fails says what is wrong with it, once in this process', async () => {
    const problem = new StoreProblem('no-space', 'the file system of the store is full', 'make room');
    const store = { ...site.store, sweeps: async () => problem, claim: async () => problem };
    const deps = { ...depsOf(store), said: new Set<string>() };
    expect(await runSchedule(deps, 'nightly', AT)).toEqual({
      kind: 'refused',
      message: 'The store fails: the file system of the store is full; make room.',
      isPassing: true,
    });
    await runSchedule(deps, 'nightly', AT + 60_000);
    expect(told('/tickets')).toHaveLength(1);
  });
});
