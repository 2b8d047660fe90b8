import { describe, expect, test } from 'vitest';
import { file, row, saturated, suspect } from '../../test/host-samples.ts';
import { looksLikeLog } from './advice.ts';
import { culpritOf, culpritRows } from './culprit.ts';
import { sourcesOf } from './sources.ts';

const named = (...shares: number[]) =>
  culpritRows({ rows: shares.map((share, i) => row(i + 1, share)), unexplainedShare: 0 }).map(({ share }) => share);
const context = {
  activity: saturated('sda'),
  unexplainedShare: 0,
  devices: ['sda'],
  flushBound: false,
  sources: sourcesOf({}),
};

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

  test('load that is only allotted names who can have it nowhere else, and only where most of it is explained', () => {
    const allotted = { ...row(7, 0.4, suspect(7, [])), isPlaced: false };
    expect(culpritRows({ rows: [allotted], unexplainedShare: 0.4 })).toHaveLength(1);
    expect(culpritRows({ rows: [{ ...row(7, 0.4), isPlaced: false }], unexplainedShare: 0.4 })).toEqual([]);
    expect(culpritRows({ rows: [{ ...allotted, ownPart: 0.6 }], unexplainedShare: 0.4 })).toEqual([]);
    expect(culpritRows({ rows: [allotted], unexplainedShare: 0.6 })).toEqual([]);
  });
});

describe('beside a backlog that the disk writes off', () => {
  const ledger = (share: number, unexplainedShare: number, drainedShare: number) =>
    culpritRows({ rows: [{ ...row(7, share, suspect(7, [])), isPlaced: false }], unexplainedShare, drainedShare });

  test('who makes nearly all of what is added to it is named, though less than half of the load is in the window’s counters', () => {
    expect(ledger(0.38, 0.62, 0.25)).toHaveLength(1);
  });

  test('nobody where the backlog does not account for the rest, where others add as much, or where little is added', () => {
    expect(ledger(0.38, 0.62, 0.05)).toEqual([]);
    expect(ledger(0.26, 0.6, 0.4)).toEqual([]);
    expect(ledger(0.1, 0.9, 0.85)).toEqual([]);
  });

  test('what is missing says how much of it was waiting', () => {
    const placed = row(7, 0.5);
    const { evidence } = culpritOf(placed, { ...context, unexplainedShare: 0.5, drainedShare: 0.4 });
    expect(evidence.at(-1)).toBe(
      "not sure: 50 % of the load is nobody's, though 40 % was waiting in memory when the window opened",
    );
  });
});

describe('how sure it is', () => {
  const allotted = { ...row(7, 0.6), isPlaced: false };
  test.each([
    ['seen at work, little unexplained', row(7, 0.6), { unexplainedShare: 0.3 }, 'high'],
    ['seen at work, a small part', row(7, 0.12), { unexplainedShare: 0.3 }, 'medium'],
    ['seen at work, some unexplained', row(7, 0.6), { unexplainedShare: 0.4 }, 'medium'],
    ['seen at work, most unexplained', row(7, 0.11), { unexplainedShare: 0.89 }, 'low'],
    ['allotted, little unexplained', allotted, { unexplainedShare: 0.3 }, 'medium'],
    ['allotted, some unexplained', allotted, { unexplainedShare: 0.4 }, 'low'],
    ['many flushes, which bytes do not tell of', row(7, 0.9), { flushBound: true }, 'low'],
  ])('%s', (_, of, more, confidence) => {
    expect(culpritOf(of, { ...context, ...more }).confidence).toBe(confidence);
  });

  test('never high where something speaks against all names of the host, which is said', () => {
    const doubtful = { ...context, doubts: ['the figures are of two days'] };
    expect(culpritOf(row(7, 0.6), context).confidence).toBe('high');
    expect(culpritOf(row(7, 0.6), doubtful).confidence).toBe('medium');
    expect(culpritOf(row(7, 0.6), doubtful).evidence).toContain('not sure: the figures are of two days');
  });

  test('what is allotted says so', () => {
    expect(culpritOf(allotted, context).evidence.join()).toMatch(/inferred: it was not seen at work on a file of sda/);
    expect(culpritOf(row(7, 0.6), context).evidence.join()).not.toMatch(/inferred/);
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

  test('a file whose position was watched and stood still is not what it writes; one that could not be watched may be', () => {
    const idle = file(2, '/var/log/mdb.log', 1, { movedBytes: 0 });
    const mapped = file(3, '/srv/db', 1);
    expect(culpritOf(row(7, 1, suspect(7, [idle])), context).files).toEqual([]);
    expect(culpritOf(row(7, 1, suspect(7, [idle, mapped])), context).files.map(({ path }) => path)).toEqual([
      '/srv/db',
    ]);
  });

  test("the figure beside /proc/PID/io is the one that stands there, not this disk's part of it", () => {
    const half = { ...row(7, 0.5), writeBytesPerSecond: 10e6 };
    const both = { ...half, load: { ...half.load, write: { ...half.load.write, bytesPerSecond: 20 * 1024 * 1024 } } };
    expect(culpritOf(both, context).evidence.join()).toMatch(/writes 20 MB\/s, net of cancelled \(\/proc\/7\/io\)/);
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
