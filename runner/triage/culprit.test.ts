import { describe, expect, test } from 'vitest';
import { file, process, saturated, suspect } from '../../test/host-samples.ts';
import { culpritOf, culpritRows, looksLikeLog } from './culprit.ts';
import type { LedgerRow } from './ledger.ts';
import type { Suspect } from './samples.ts';

const row = (pid: number, share: number, of?: Suspect): LedgerRow => ({
  load: {
    process: process(pid, `p${pid}`),
    ...(of && { suspect: of }),
    files: (of?.files ?? []).map((open) => ({ file: open, device: 'sda' })),
    readsBy: 'files',
    writesBy: 'files',
    directWrites: false,
    reads: new Map(),
    writes: new Map(),
    count: 1,
  },
  readBytesPerSecond: 0,
  writeBytesPerSecond: share * 1e7,
  share,
  isPlaced: true,
  ownPart: 1,
});
const named = (...shares: number[]) =>
  culpritRows({ rows: shares.map((share, i) => row(i + 1, share)), unexplainedShare: 0 }).map(({ share }) => share);
const context = { activity: saturated('sda'), unexplainedShare: 0, devices: ['sda'] };

describe('who is named', () => {
  test('nobody below a tenth of the load, nor below a quarter of the first', () => {
    expect(named(0.09, 0.08)).toEqual([]);
    expect(named(0.8, 0.15)).toEqual([0.8]);
    expect(named(0.4, 0.3, 0.11, 0.09)).toEqual([0.4, 0.3, 0.11]);
  });

  test('five at most', () => {
    expect(named(0.16, 0.16, 0.16, 0.16, 0.16, 0.16)).toHaveLength(5);
  });

  test('a sum of many processes never, however large it is', () => {
    expect(
      culpritRows({ rows: [row(0, 0.9), row(5, 0.1)], unexplainedShare: 0 }).map(({ load }) => load.process.pid),
    ).toEqual([5]);
  });
});

describe('what is told of a culprit', () => {
  test('who it is: user, unit, container, program, parent', () => {
    const known = suspect(7, [], {
      uid: 1000,
      user: 'logger',
      cgroup: { path: '/x', unit: 'logger.service', container: '5f0c9a7e4b1d' },
      parents: [
        { pid: 3, command: 'runsv' },
        { pid: 1, command: 'systemd' },
      ],
      program: 'logtest.py',
    });
    expect(culpritOf(row(7, 1, known), context)).toMatchObject({
      pid: 7,
      pids: [7],
      uid: 1000,
      user: 'logger',
      unit: 'logger.service',
      container: '5f0c9a7e4b1d',
      parent: { pid: 3, command: 'runsv' },
      program: 'logtest.py',
      advice: expect.stringContaining('the owner of logger.service'),
    });
  });

  test('of one that was not looked at closely nothing is made up', () => {
    const culprit = culpritOf(row(7, 1), context);
    for (const field of ['uid', 'user', 'unit', 'container', 'program', 'parent', 'commandLine'])
      expect(culprit).not.toHaveProperty(field);
    expect(culprit.files).toEqual([]);
  });

  test('five files at most', () => {
    const files = Array.from({ length: 20 }, (_, i) => file(i, `/f${i}`, 1, { movedBytes: i + 1 }));
    const culprit = culpritOf(row(7, 1, suspect(7, files)), context);
    expect(culprit.files.map(({ path }) => path)).toEqual(['/f19', '/f18', '/f17', '/f16', '/f15']);
  });

  test('every figure of the evidence says where it is from', () => {
    const calls = [{ count: 17, value: { name: 'write', kind: 'write' as const, fd: 3, lengthBytes: 314_572_844 } }];
    const stacks = [{ count: 12, value: ['balance_dirty_pages', 'ksys_write'] }];
    const { evidence } = culpritOf(row(7, 1, suspect(7, [file(3, '/a.log', 1)], { calls, stacks })), context);
    expect(evidence.join('\n')).toMatch(/write\(fd 3, 314,572,844 bytes\) 17 times in 20 looks/);
    expect(evidence.join('\n')).toMatch(/held back .* 12 of 20 looks/);
    for (const line of evidence) expect(line).toMatch(/\/proc\//);
  });
});

test.each([
  ['/var/log/messages', true],
  ['/srv/app.log', true],
  ['/srv/app.log.1', true],
  ['/tmp/logtest.txt', true],
  ['/var/lib/pg/16384/2619', false],
  ['/srv/blog/db.sqlite', false],
])('%s looks like a log: %s', (path, looks) => {
  expect(looksLikeLog(path)).toBe(looks);
});
