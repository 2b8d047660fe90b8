import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logTo } from '../../test/log-to.ts';
import { must, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import type { Config } from '../config/read-config.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { snapshotJson } from './config-snapshot.ts';
import { createStoredConfig } from './stored-config.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
let store: Store;
beforeEach(async () => {
  site = storeSite();
  store = await site.open();
});
afterEach(() => site.end());

const config = (forks: number): Config => ({
  forks,
  defaults: {},
  retentionDays: 30,
  tell: new Map(),
  schedules: [],
  alerts: { label: 'instance', hosts: new Map(), quietMinutes: 10, tell: [] },
  inventory: { hosts: new Map([['a', { name: 'a', settings: {}, where: '' }]]), groups: new Map([['g', ['a']]]) },
});

function stage(from: Pick<Store, 'configStamp' | 'config'> = store) {
  const asked: string[] = [];
  const said: string[] = [];
  const keys: string[] = [];
  let clock = 0;
  let trouble: StoreProblem | undefined;
  async function answer<T>(what: string, ask: () => Promise<T>): Promise<T | StoreProblem> {
    asked.push(what);
    return trouble ?? (await ask());
  }
  const now = createStoredConfig({
    store: {
      configStamp: () => answer('stamp', from.configStamp),
      config: () => answer('body', from.config),
    },
    clockMs: () => clock,
    log: logTo(said),
    useKnownHosts: async (text) => {
      if (text === 'full') throw new Error('ENOSPC: no space left on device');
      keys.push(text);
    },
  });
  return {
    now,
    asked,
    said,
    keys,
    pass: (ms: number) => (clock += ms),
    fail: (problem: StoreProblem | undefined) => {
      trouble = problem;
    },
  };
}

const publish = async (snapshot: Parameters<typeof snapshotJson>[0]) =>
  must(await store.putConfig(snapshotJson(snapshot)));
const BUSY = new StoreProblem('busy', 'DynamoDB throttles the table', 'try again later');

describe('the configuration that was published', () => {
  test('is what was given, and the body is read only where its hash is another', async () => {
    await publish({ config: config(1), knownHosts: 'i-0000000a ssh-ed25519 AAAA' });
    const { now, asked, keys, pass } = stage();
    expect(await now()).toEqual(config(1));
    pass(2000);
    expect(await now()).toEqual(config(1));
    expect(asked).toEqual(['stamp', 'body', 'stamp']);
    await publish({ config: config(2) });
    pass(2000);
    expect(await now()).toEqual(config(2));
    expect(keys).toEqual(['i-0000000a ssh-ed25519 AAAA', '']);
  });

  test('is looked for once by many at the same time, and not more often than every two seconds', async () => {
    await publish({ config: config(1) });
    const { now, asked, pass } = stage();
    await Promise.all([now(), now(), now()]);
    pass(1999);
    await now();
    expect(asked).toEqual(['stamp', 'body']);
  });

  test('goes on to count while the table cannot be read', async () => {
    await publish({ config: config(1) });
    const { now, said, pass, fail } = stage();
    await now();
    fail(BUSY);
    pass(5000);
    expect(await now()).toEqual(config(1));
    expect(said).toEqual([expect.stringContaining('throttles')]);
  });

  test('is a problem while it was never read, and is there as soon as it can be', async () => {
    await publish({ config: config(1) });
    const { now, pass, fail } = stage();
    fail(BUSY);
    expect(await now()).toEqual({
      problem: expect.stringMatching(/throttles the table; try again later/),
      isPassing: true,
    });
    fail(undefined);
    pass(2000);
    expect(await now()).toEqual(config(1));
  });

  test('that says what is wrong with whodisk.yml stops everything until it is mended', async () => {
    await publish({ config: config(1) });
    const { now, said, pass } = stage();
    await now();
    await publish({ problem: 'whodisk.yml cannot be used: whodisk.yml:3:1: what is this' });
    for (let round = 0; round < 2; round += 1) {
      pass(2000);
      expect(await now()).toEqual({ problem: 'whodisk.yml cannot be used: whodisk.yml:3:1: what is this' });
    }
    expect(said).toHaveLength(1);
    await publish({ config: config(2) });
    pass(2000);
    expect(await now()).toEqual(config(2));
  });

  test('that was never published says which function does it, and how to have it done now', async () => {
    expect(await stage().now()).toEqual({
      problem: expect.stringMatching(/function "config".*aws lambda invoke/),
      isPassing: true,
    });
  });

  test('of another shape is a problem, not an exception', async () => {
    must(await store.putConfig({ config: { hosts: 7 } }));
    expect(await stage().now()).toEqual({ problem: expect.stringContaining('cannot be read'), isPassing: true });
    must(await store.putConfig([]));
    expect(await stage().now()).toEqual({ problem: expect.stringContaining('cannot be read'), isPassing: true });
  });

  test('does not count before its host keys do', async () => {
    await publish({ config: config(1), knownHosts: 'full' });
    const { now, keys, pass } = stage();
    expect(await now()).toEqual({ problem: expect.stringContaining('ENOSPC'), isPassing: true });
    await publish({ config: config(1), knownHosts: 'a' });
    pass(2000);
    expect(await now()).toEqual(config(1));
    expect(keys).toEqual(['a']);
  });
});
