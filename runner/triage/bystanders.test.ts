import { describe, expect, test } from 'vitest';
import { file, host, io, kernelThread, MB, process, row, suspect } from '../../test/host-samples.ts';
import { carriersOf, type Place, unreadWaitersOf, victimsOf } from './bystanders.ts';

const place = (more: Partial<Place> = {}): Place => ({
  devices: ['sda', 'loop1'],
  numbers: new Set(['8:0', '8:1']),
  only: true,
  flushBound: false,
  hangs: false,
  ...more,
});
const carriers = (command: string, more: Partial<Place> = {}, blockedSamples = 5) =>
  carriersOf(
    host({ processes: [kernelThread(9, command, { blockedSamples, io: io({ writtenBytes: 4096 }) })] }),
    place(more),
  );

describe('carriersOf', () => {
  test.each([
    ['kworker/u8:2+flush-8:0', true],
    ['kworker/u8:2+flush-8:16', false],
    ['flush-8:0', true],
    ['jbd2/sda1-8', true],
    ['jbd2/sdaa1-8', false],
    ['jbd2/sdb1-8', false],
    ['jbd2/loop1-8', true],
    ['jbd2/loop1p1-8', true],
    ['jbd2/loop12-8', false],
    ['loop1', true],
    ['loop11', false],
    ['kworker/u4:1-loop1', true],
  ])('a kernel thread that names the disk it serves: %s is a carrier of sda: %s', (command, isCarrier) => {
    expect(carriers(command, { only: false })).toHaveLength(isCarrier ? 1 : 0);
  });

  test('a kworker without a disk in its name is one only where no other disk is in trouble', () => {
    expect(carriers('kworker/u4:2')).toHaveLength(1);
    expect(carriers('kworker/u4:2', { only: false })).toEqual([]);
  });

  test('a kernel thread that did not wait is none', () => {
    expect(carriers('kworker/u4:2', {}, 0)).toEqual([]);
    expect(carriers('kswapd0', {}, 0)).toEqual([]);
  });

  test('a process that calls itself a kworker is none', () => {
    expect(carriersOf(host({ processes: [process(9, 'kworker/u4:2', { blockedSamples: 9 })] }), place())).toEqual([]);
  });
});

describe('victimsOf', () => {
  test('who waits most comes first; at most ten; culprits and kernel threads are none', () => {
    const processes = [
      ...Array.from({ length: 14 }, (_, i) => process(100 + i, `p${i}`, { blockedSamples: i, io: io({}) })),
      kernelThread(9, 'kworker/0:1'),
      process(50, 'culprit', { blockedSamples: 99, io: io({}) }),
    ];
    const victims = victimsOf(host({ processes }), [], [], new Set([50]), place());
    expect(victims.map(({ pid }) => pid)).toEqual([113, 112, 111, 110, 109, 108, 107, 106, 105, 104]);
  });

  test('where two disks are in trouble a wait without files has no place', () => {
    const processes = [process(100, 'p', { blockedSamples: 5, io: io({}) })];
    expect(victimsOf(host({ processes }), [], [], new Set(), place({ only: false }))).toEqual([]);
  });

  test.each([
    [0.125, []],
    [0.02, []],
    [0.019, [100]],
  ])('who adds %d of the load helps to saturate the disk, however long it waits', (share, victims) => {
    const processes = [process(100, 'worker', { blockedSamples: 20, io: io({}) })];
    const rows = [row(100, share, { files: [file(3, '/w', 1, { movedBytes: MB })] })];
    const found = victimsOf(
      host({ processes }),
      rows.map(({ load }) => load),
      rows,
      new Set(),
      place(),
    );
    expect(found.map(({ pid }) => pid)).toEqual(victims);
  });

  test('who asks for flushes is no victim of a disk that is loaded by them', () => {
    const samples = host({
      processes: [
        process(100, 'db', { blockedSamples: 9, io: io({}) }),
        process(101, 'vi', { blockedSamples: 9, io: io({}) }),
      ],
      suspects: [suspect(100, [], { calls: [{ count: 9, value: { name: 'fsync', kind: 'sync', fd: 4 } }] })],
    });
    const found = (flushBound: boolean) =>
      victimsOf(samples, [], [], new Set(), place({ flushBound })).map(({ pid }) => pid);
    expect(found(true)).toEqual([101]);
    expect(found(false)).toEqual([100, 101]);
  });

  test('who is gone waits no more', () => {
    const processes = [process(100, 'cp', { blockedSamples: 9, seen: 'gone', io: io({}) })];
    expect(victimsOf(host({ processes }), [], [], new Set(), place())).toEqual([]);
  });
});

describe('unreadWaitersOf', () => {
  const hidden = process(2180, 'python3', { blockedSamples: 7, seen: 'unreadable' });
  const vi = process(101, 'vi', { blockedSamples: 9, io: io({}) });
  const samples = host({ processes: [hidden, vi] });
  const at = (more: Partial<Place> = {}) => ({
    victims: victimsOf(samples, [], [], new Set(), place(more)),
    unread: unreadWaitersOf(samples, [], new Set(), place(more)),
  });

  test('who waits and could not be read is no victim, since it may be the cause; who could be read is one', () => {
    const { victims, unread } = at();
    expect(victims).toEqual([
      {
        pid: 101,
        command: 'vi',
        why: 'waits on the disk, seen blocked in 9 samples; adds nothing measurable of its bytes',
      },
    ]);
    expect(unread).toEqual([
      {
        pid: 2180,
        command: 'python3',
        why: 'waits on the disk, seen blocked in 7 samples; what it moves could not be read (/proc/2180/io)',
      },
    ]);
  });

  test('nobody causes a hang: there they are victims, and no word is said of what they add', () => {
    const { victims, unread } = at({ hangs: true });
    expect(victims.map(({ pid, why }) => `${pid} ${why}`)).toEqual([
      '101 waits on the disk, seen blocked in 9 samples',
      '2180 waits on the disk, seen blocked in 7 samples',
    ]);
    expect(unread).toEqual([]);
  });

  test('where two disks are in trouble nobody knows on which it waits', () => {
    expect(at({ only: false }).unread).toEqual([]);
  });
});
