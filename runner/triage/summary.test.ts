import { describe, expect, test } from 'vitest';
import type { Culprit, Disk } from './finding.ts';
import { nameOf, type Sight, summaryOf } from './summary.ts';

const disk = (more: Partial<Disk>): Disk => ({
  device: 'sda',
  kind: 'hdd',
  stack: [],
  mountpoints: [],
  verdict: 'saturated',
  busyPercent: 99.2,
  queueDepth: 40,
  writeAwaitMs: 1000,
  culprits: [],
  victims: [],
  carriers: [],
  othersShare: 0,
  unexplainedShare: 1,
  ...more,
});
const culprit = (more: Partial<Culprit>): Culprit => ({
  pid: 7,
  pids: [7],
  command: 'python',
  share: 1,
  shareOf: 'bytes',
  measured: false,
  confidence: 'high',
  activity: 'buffered-write',
  bytesPerSecond: 1,
  files: [],
  evidence: [],
  advice: '',
  ...more,
});
const root: Sight = { privilege: 'root', processesRead: true };
const user: Sight = { privilege: 'user', processesRead: true };
const kworker = { pid: 9, command: 'kworker/0:1', why: '' };

describe('the summary', () => {
  test('says what holds processes up instead where no disk does, and nothing of it where one does', () => {
    const instead =
      'ls 7 waits for a network or user-space file system that does not answer (/mnt/nfs), not for a disk.';
    const sight = { ...root, instead };
    expect(summaryOf([disk({ verdict: 'healthy' })], sight)).toBe(`No disk is saturated. ${instead}`);
    expect(summaryOf([disk({})], sight)).not.toContain('ls 7');
  });

  test.each([
    [disk({ verdict: 'hung' }), /^sda hangs: .*not of a process\.$/],
    [disk({ verdict: 'inconclusive' }), /^sda cannot be judged/],
    [disk({ verdict: 'busy' }), /^sda is busy \(99 % busy, queue 40, await 1(?:\.0)? s\) but not saturated\.$/],
    [disk({ verdict: 'healthy' }), /^No disk is saturated\.$/],
    [
      disk({ unexplainedShare: 0.2, othersShare: 0.8 }),
      /cannot be laid at one process: it is spread over many, or the one was not seen at work on this disk/,
    ],
    [disk({}), /no process that was seen explains its load \(100 % unexplained\)/],
  ])('%#: says what the disk is', (of, sentence) => {
    expect(summaryOf([of], root)).toMatch(sentence);
  });

  test('never names a culprit that is not in the finding', () => {
    expect(summaryOf([disk({ victims: [kworker], carriers: [kworker] })], root)).not.toContain('kworker');
  });

  test('unprivileged: the culprit is not visible, and what would help is said', () => {
    expect(summaryOf([disk({})], user)).toMatch(/not visible to this user: log in as root or allow sudo -n/);
  });

  test('unprivileged: at most three of those who wait unread are named, as leads', () => {
    const waiters = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ pid: 10 + i, command: 'w', why: '' }));
    const said = (of: Disk, count: number) => summaryOf([of], { ...user, unreadWaiters: waiters(count) });
    expect(said(disk({}), 1)).toMatch(/sudo -n; waiting on it: w 10\.$/);
    expect(said(disk({}), 5)).toMatch(/; waiting on it: w 10, w 11, w 12 and others\.$/);
    const small = disk({ culprits: [culprit({ share: 0.3 })], unexplainedShare: 0.7 });
    expect(said(small, 1)).toContain('(the processes of other users are not visible to this one; waiting on it: w 10)');
  });

  test('a part of the load is said to be a part', () => {
    expect(summaryOf([disk({ culprits: [culprit({ share: 0.6 })], unexplainedShare: 0.4 })], root)).toBe(
      'python 7 saturates sda by writing (60 % of its bytes).',
    );
  });

  test('where most of the load is unexplained, the one that is known does not "saturate" the disk', () => {
    const small = disk({ culprits: [culprit({ share: 0.3 })], unexplainedShare: 0.7 });
    expect(summaryOf([small], root)).toMatch(
      /^sda is saturated .* 70 % .* explained by no process .* python 7 \(30 %\)/,
    );
  });

  test('nor does one with an eighth of it, whether the rest is known or not', () => {
    const eighth = (unexplainedShare: number) =>
      summaryOf([disk({ culprits: [culprit({ share: 0.12 })], unexplainedShare })], root);
    for (const unexplained of [0, 0.48, 0.88]) {
      expect(eighth(unexplained)).not.toMatch(/ saturates? sda/);
      expect(eighth(unexplained)).toMatch(/^sda is saturated .* the largest known part: python 7 \(12 %\)/);
    }
  });

  test.each([0.12, 0.3, 0.52])('unprivileged: with %d known, the unseen processes of others are told of', (share) => {
    const sight = (of: Sight) => summaryOf([disk({ culprits: [culprit({ share })], unexplainedShare: 1 - share })], of);
    expect(sight(user)).toMatch(/processes of other users are not visible/);
    expect(sight(root)).not.toMatch(/other users/);
  });

  test('processes that were not read are not said to explain nothing', () => {
    const cut = summaryOf([disk({})], { privilege: 'root', processesRead: false });
    expect(cut).toMatch(/^sda is saturated .*; the processes were not read, so nobody can be named\.$/);
  });

  test('a reader has no carriers', () => {
    const reader = disk({ culprits: [culprit({ activity: 'read' })], carriers: [kworker], unexplainedShare: 0 });
    expect(summaryOf([reader], root)).toBe('python 7 saturates sda by reading.');
  });

  test('other disks in the same state are counted in, healthy ones are not', () => {
    expect(summaryOf([disk({}), disk({ device: 'sdb' }), disk({ device: 'sdc', verdict: 'healthy' })], root)).toMatch(
      /Also saturated: sdb\.$/,
    );
    expect(summaryOf([disk({ verdict: 'healthy' }), disk({ device: 'sdb', verdict: 'healthy' })], root)).toBe(
      'No disk is saturated.',
    );
  });

  test('no disk at all', () => {
    expect(summaryOf([], root)).toBe('No disk could be judged.');
  });
});

test('a name: command, pid, program; a group has no pid', () => {
  expect(nameOf(culprit({ program: 'logtest.py' }))).toBe('python 7 (logtest.py)');
  const parent = { pid: 1200, command: 'make' };
  expect(nameOf(culprit({ pid: null, command: 'sh', parent }))).toBe('sh (short-lived children of make 1200)');
  expect(nameOf(culprit({ pid: null, command: 'sh' }))).toBe('sh (short-lived children)');
});
