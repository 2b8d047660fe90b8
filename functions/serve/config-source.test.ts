import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logTo } from '../../test/log-to.ts';
import type { Config } from '../config/read-config.ts';
import { createConfigSource, type FleetRead } from './config-source.ts';

const configOf = (more: Partial<Config> = {}): FleetRead => ({
  kind: 'fleet',
  config: { ...more } as Config,
  notes: [],
});

function stage(reads: (FleetRead | Error)[]) {
  let clock = 0;
  let count = 0;
  const said: string[] = [];
  const say = (message: string, fields = {}): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const source = createConfigSource({
    read: async () => {
      const next = reads[Math.min(count, reads.length - 1)];
      count += 1;
      if (next instanceof Error || next === undefined) throw next;
      return next;
    },
    clockMs: () => clock,
    log: { info: say, warn: say, error: say },
  });
  return { source, said, count: () => count, pass: (ms: number) => (clock += ms) };
}

test('many who ask at the same time read once; after two seconds, or when it is to be forgotten, it is read anew', async () => {
  const { source, count, pass } = stage([configOf()]);
  await Promise.all([source.config(), source.config(), source.config()]);
  pass(1999);
  await source.config();
  expect(count()).toBe(1);
  pass(1);
  await source.config();
  expect(count()).toBe(2);
  source.forget();
  await source.config();
  expect(count()).toBe(3);
});

test('a file that breaks is a problem that says where, told once, and once that it is mended', async () => {
  const broken: FleetRead = { kind: 'problems', problems: ['whodisk.yml:3:1: what is this', 'more'] };
  const { source, said, pass } = stage([configOf(), broken, broken, configOf()]);
  await source.config();
  for (let round = 0; round < 2; round += 1) {
    pass(5000);
    expect(await source.config()).toEqual({
      problem: 'whodisk.yml cannot be used: whodisk.yml:3:1: what is this (and 1 more)',
    });
  }
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('whodisk.yml:3:1');
  pass(5000);
  expect(await source.config()).not.toHaveProperty('problem');
  expect(said).toHaveLength(2);
});

test('enabled: false is said, and is no problem: what is stored can still be looked at', async () => {
  const { source, said } = stage([configOf({ disabled: 'Every sweep is stopped: enabled is false.' })]);
  expect(await source.config()).toHaveProperty('disabled');
  expect(said).toEqual([expect.stringContaining('enabled is false')]);
});

test('a reader that fails is a problem, not an exception', async () => {
  const { source } = stage([new Error('EIO')]);
  expect(await source.config()).toEqual({ problem: 'whodisk.yml cannot be read: EIO' });
});

describe('files that do not change', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whodisk-source-'));
    writeFileSync(join(folder, 'whodisk.yml'), 'windowSeconds: 5');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** @param aheadMs how long ago all that is written now will have been */
  function onFiles(aheadMs: number) {
    let count = 0;
    let clock = 0;
    const files = ['whodisk.yml', 'elsewhere.yml'].map((name) => join(folder, name));
    const source = createConfigSource({
      read: async () => {
        count += 1;
        return { kind: 'fleet', config: {} as Config, notes: [], files };
      },
      clockMs: () => (clock += 10_000),
      nowMs: () => Date.now() + aheadMs,
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    return { source, count: () => count };
  }

  test('are read once, and anew when one of them changes, comes or goes', async () => {
    const { source, count } = onFiles(60_000);
    for (let round = 0; round < 3; round += 1) await source.config();
    expect(count()).toBe(1);
    writeFileSync(join(folder, 'whodisk.yml'), 'windowSeconds: 6');
    await source.config();
    expect(count()).toBe(2);
    writeFileSync(join(folder, 'elsewhere.yml'), '');
    await source.config();
    await source.config();
    expect(count()).toBe(3);
    rmSync(join(folder, 'whodisk.yml'));
    await source.config();
    expect(count()).toBe(4);
    writeFileSync(join(folder, 'whodisk.yml'), '');
    source.forget();
    await source.config();
    expect(count()).toBe(5);
  });

  test('are read each time while they may just be being written', async () => {
    const { source, count } = onFiles(0);
    for (let round = 0; round < 3; round += 1) await source.config();
    expect(count()).toBe(3);
  });

  describe('but name what does, such as instances of EC2,', () => {
    const busy: FleetRead = { kind: 'problems', problems: ['EC2 is asked too often.'], isUnavailable: true };

    /** All that is written now will have been a minute ago. */
    function moving() {
      let clock = 0;
      let count = 0;
      let next: FleetRead | undefined;
      const said: string[] = [];
      const files = [join(folder, 'whodisk.yml')];
      const source = createConfigSource({
        read: async () => {
          count += 1;
          return next ?? { kind: 'fleet', config: { forks: count } as Config, notes: [], files, keptMs: 30_000 };
        },
        clockMs: () => clock,
        nowMs: () => Date.now() + 60_000,
        log: logTo(said),
      });
      const answer = (fleet: FleetRead | undefined): void => {
        next = fleet;
      };
      return { source, said, count: () => count, pass: (ms: number) => (clock += ms), answer };
    }

    test('are read again when that may have changed', async () => {
      const { source, count, pass } = moving();
      await source.config();
      pass(29_999);
      expect(await source.config()).toEqual({ forks: 1 });
      pass(2000);
      expect(await source.config()).toEqual({ forks: 2 });
      expect(count()).toBe(2);
    });

    test('go on to count while it cannot be asked, which is said once', async () => {
      const { source, said, pass, answer } = moving();
      await source.config();
      answer(busy);
      for (let round = 0; round < 3; round += 1) {
        pass(31_000);
        expect(await source.config()).toEqual({ forks: 1 });
      }
      expect(said).toEqual([expect.stringMatching(/^warn .*EC2 is asked too often/)]);
      answer(undefined);
      pass(31_000);
      expect(await source.config()).toEqual({ forks: 5 });
    });

    test('are a problem where it cannot be asked and a file is another than before', async () => {
      const { source, pass, answer } = moving();
      await source.config();
      answer(busy);
      writeFileSync(join(folder, 'whodisk.yml'), 'windowSeconds: 6');
      pass(31_000);
      expect(await source.config()).toEqual({ problem: expect.stringContaining('EC2 is asked too often') });
    });
  });
});
