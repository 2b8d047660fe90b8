import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyHost } from '../../test/any-host.ts';
import { file, host, io, MB, process, saturated, suspect } from '../../test/host-samples.ts';
import { accountsOf } from './families.ts';
import type { HostSamples, ProcessActivity } from './samples.ts';
import { triage } from './triage.ts';

const nobody = (_: ProcessActivity): boolean => false;
const child = (pid: number, parentPid: number, bytes: number, more: Partial<ProcessActivity> = {}): ProcessActivity =>
  process(pid, 'sh', { parentPid, seen: 'gone', io: io({ writtenBytes: bytes }), ...more });
const make = process(1200, 'make', { io: io({ writtenBytes: 100 * MB }) });
const written = (more: Partial<HostSamples>, works = nobody, trafficBytes = 100 * MB) =>
  accountsOf(host(more), works, () => false, trafficBytes).map((account) => [
    account.process.pid,
    account.process.io?.writtenBytes,
    account.count,
  ]);

describe('a parent that is charged for its children', () => {
  const children = [child(2001, 1200, 60 * MB), child(2002, 1200, 40 * MB)];

  test('the same bytes do not stand in two rows', () => {
    expect(written({ processes: [make, ...children] })).toEqual([[1200, 100 * MB, 2]]);
  });

  test('the group is blamed, by its name and with its parent, not the parent', () => {
    const [sda] = triage(host({ disks: [saturated('sda')], processes: [make, ...children] })).disks;
    expect(sda?.culprits).toMatchObject([
      { pid: null, pids: [2001, 2002], command: 'sh', parent: { pid: 1200, command: 'make' } },
    ]);
  });

  test('what a child has written that was not reaped yet is added', () => {
    const running = child(2003, 1200, 7 * MB, { seen: 'new' });
    expect(written({ processes: [make, ...children, running] })).toEqual([[1200, 107 * MB, 3]]);
  });

  test('fifty children that are only summed are the group of their parent', () => {
    const rest = [
      { count: 50, parentPid: 1200, command: 'sh', readBytes: 0, writtenBytes: 100 * MB, cancelledBytes: 0 },
    ];
    expect(written({ processes: [make], rest })).toEqual([[1200, 100 * MB, 50]]);
  });

  test('a parent that was seen at work on its own files keeps what is left without its children', () => {
    const busy = process(1200, 'make', { io: io({ writtenBytes: 150 * MB }) });
    const rows = written({ processes: [busy, ...children] }, (parent) => parent.pid === 1200);
    expect(rows).toEqual([
      [1200, 50 * MB, 1],
      [1200, 100 * MB, 2],
    ]);
  });

  test('children that live on are themselves', () => {
    const lasting = children.map((one) => ({ ...one, seen: 'pair' as const }));
    expect(written({ processes: [make, ...lasting] }).map(([pid]) => pid)).toEqual([1200, 2001, 2002]);
  });

  test('of a generation that ends, those that the disk still holds up are of it, and one that does more than any of them is not', () => {
    const ended = [2001, 2002, 2003].map((pid) => child(pid, 1200, 20 * MB));
    const held = child(2004, 1200, 20 * MB, { seen: 'pair' });
    const old = child(2005, 1200, MB, { seen: 'pair', startTicks: 5 });
    const busy = child(2006, 1200, 30 * MB, { seen: 'pair' });
    const other = child(2007, 1200, MB, { seen: 'pair', command: 'tail' });
    expect(written({ processes: [make, ...ended, held, old, busy, other] })).toEqual([
      [1200, 120 * MB, 4],
      [2005, MB, 1],
      [2006, 30 * MB, 1],
      [2007, MB, 1],
    ]);
    expect(written({ processes: [make, ...ended.slice(1), held] }).map(([pid]) => pid)).toEqual([1200, 2004]);
  });

  test('what has not been reaped yet is not taken from what a parent does itself', () => {
    const busy = process(1200, 'make', { io: io({ writtenBytes: 150 * MB }) });
    const running = child(2003, 1200, 30 * MB, { seen: 'new' });
    const rows = written({ processes: [busy, ...children, running] }, (parent) => parent.pid === 1200);
    expect(rows).toEqual([
      [1200, 50 * MB, 1],
      [1200, 130 * MB, 3],
    ]);
  });

  test('init, which reaps the orphans of the whole host, is never charged for them', () => {
    const init = process(1, 'systemd', { io: io({ writtenBytes: 500 * MB }) });
    expect(written({ processes: [init, child(2001, 1, 60 * MB)] })).toEqual([[2001, 60 * MB, 1]]);
  });

  test('init has no row unless it was seen at work, and then its own', () => {
    const init = process(1, 'systemd', { io: io({ writtenBytes: 5 * MB }) });
    expect(written({ processes: [init] })).toEqual([]);
    expect(written({ processes: [init] }, (one) => one.pid === 1)).toEqual([[1, 5 * MB, 1]]);
  });

  test('a jump far beyond what all disks did is the past life of a child, listed or not', () => {
    const jumped = process(1200, 'bash', { io: io({ writtenBytes: 301 * MB }) });
    expect(written({ processes: [jumped] })).toEqual([]);
    expect(written({ processes: [jumped, child(2001, 1200, MB)] })).toEqual([[1200, MB, 1]]);
    expect(written({ processes: [jumped] }, nobody, 101 * MB)).toEqual([[1200, 301 * MB, 1]]);
    expect(written({ processes: [jumped] }, () => true)).toEqual([[1200, 301 * MB, 1]]);
  });

  test('of a child that is older than the window only what it did in it counts', () => {
    const old = child(2001, 1200, MB, { startTicks: 500 });
    expect(written({ processes: [make, old], windowStartTicks: 1000 })).toEqual([[1200, MB, 1]]);
    expect(written({ processes: [make, old], windowStartTicks: 400 })).toEqual([[1200, 100 * MB, 1]]);
  });
});

test('two processes that had the same pid in turn are two rows', () => {
  const before = process(77, 'cp', {
    startTicks: 5,
    seen: 'gone',
    blockedSamples: 2,
    io: io({ writtenBytes: 60 * MB }),
  });
  const after = process(77, 'vi', { startTicks: 9, seen: 'new', io: io({ writtenBytes: 4096 }) });
  const [sda] = triage(
    host({
      disks: [saturated('sda', { writeBytes: 60 * MB })],
      processes: [before, after],
      suspects: [{ ...suspect(77, [file(3, '/copy', 1)]), startTicks: 5 }],
    }),
  ).disks;
  expect(sda?.culprits).toMatchObject([{ pid: 77, command: 'cp' }]);
});

test('no family tree makes it throw or lose a process that nobody is charged for', () => {
  fc.assert(
    fc.property(anyHost, (samples) => {
      const accounts = accountsOf(samples, nobody, nobody, 100 * MB);
      expect(accounts.every(({ count, process }) => count >= 0 && !process.isKernelThread)).toBe(true);
    }),
  );
});
