import { describe, expect, test } from 'vitest';
import { file, host, MB, suspect } from '../../test/host-samples.ts';
import { deviceTree } from './device-tree.ts';
import { NO_DEVICE, placeFiles, placementOf, UNKNOWN_DEVICE, useOf } from './placement.ts';
import type { OpenFile, Suspect } from './samples.ts';

const { blockDevices, mounts } = host();
const tree = deviceTree(blockDevices, mounts, new Map());
const both = { reads: true, writes: true, direct: false, sync: false, append: false };
const readOnly = { ...both, writes: false };
const placed = (
  files: OpenFile[],
  bytes = 100 * MB,
  direction: 'read' | 'write' = 'write',
  more: Partial<Suspect> = {},
) => {
  const of = suspect(100, files, more);
  return placementOf(of, placeFiles(of, tree), direction, bytes);
};
const call = (kind: 'read' | 'write' | 'sync', fd: number, count: number, lengthBytes?: number) => ({
  count,
  value: { name: kind, kind, fd, ...(lengthBytes !== undefined && { lengthBytes }) },
});

describe('placeFiles', () => {
  test('a regular file is on the disk of its mount', () => {
    expect(
      placeFiles(suspect(1, [file(3, '/var/a', 1), file(4, '/data/b', 2)]), tree).map(({ device }) => device),
    ).toEqual(['sda', 'sdb']);
  });

  test.each([
    'socket:[1234]',
    'pipe:[5]',
    'anon_inode:[eventpoll]',
    '/proc/1/stat',
    '/sys/kernel/x',
    '/dev/null',
    '/dev/pts/0',
    '/dev/tty1',
    '/dev/kmsg',
    '/dev/fuse',
    '/dev/shm/x',
    '/dev/net/tun',
    '',
  ])('%j carries no disk I/O', (path) => {
    const { mountId: _, ...bare } = file(3, path, 1, { mode: both });
    expect(placeFiles(suspect(1, [bare]), tree)).toEqual([]);
    expect(placeFiles(suspect(1, [{ ...bare, mountId: 5 }]), tree)).toEqual([]);
  });

  test('tmpfs says nothing of where charged bytes went; a server takes them away from every disk', () => {
    expect(placeFiles(suspect(1, [file(3, '/tmp/x', 3)]), tree)).toEqual([]);
    expect(placeFiles(suspect(1, [file(3, '/mnt/nfs/x', 4)]), tree)).toMatchObject([{ device: NO_DEVICE }]);
  });

  test('a mount that was not sent, or that stands on no known device, is on some disk, unknown which', () => {
    const zfs = { id: 9, root: '/', number: '0:50', mountpoint: '/tank', fsType: 'zfs', source: 'tank/pg' };
    const pool = deviceTree(blockDevices, [...mounts, { ...zfs, superOptions: 'rw' }], new Map());
    expect(placeFiles(suspect(1, [file(3, '/x', 99)]), tree)).toMatchObject([{ device: UNKNOWN_DEVICE }]);
    expect(placeFiles(suspect(1, [file(3, '/tank/x', 9)]), pool)).toMatchObject([{ device: UNKNOWN_DEVICE }]);
  });
});

describe('placementOf', () => {
  const appends = { ...both, append: true };

  test('an open file alone places nothing: its device is a candidate', () => {
    expect(placed([file(3, '/a', 1), file(4, '/b', 1)])).toEqual({
      seenPart: 0,
      weights: new Map(),
      devices: ['sda'],
    });
    expect(placed([file(3, '/a', 1), file(4, '/data/b', 2)]).devices).toEqual(['sda', 'sdb']);
  });

  test('what was seen to go through the files is placed, in proportion', () => {
    const files = [file(3, '/a', 1, { movedBytes: 75 * MB }), file(4, '/data/b', 2, { movedBytes: 25 * MB })];
    expect(placed(files)).toEqual({
      seenPart: 1,
      weights: new Map([
        ['sda', 0.75],
        ['sdb', 0.25],
      ]),
      devices: ['sda', 'sdb'],
    });
  });

  test('positions that moved by less account for a part only: they were compared over half of the window', () => {
    expect(placed([file(3, '/a', 1, { movedBytes: 50 * MB })]).seenPart).toBe(1);
    expect(placed([file(3, '/a', 1, { movedBytes: 5 * MB })]).seenPart).toBeCloseTo(0.1);
    expect(placed([file(3, '/a', 1, { movedBytes: 300 })]).seenPart).toBeLessThan(1e-5);
  });

  test('met in calls often enough it is taken to work there', () => {
    const at = (count: number) =>
      placed([file(3, '/a', 1)], 100 * MB, 'write', { calls: [call('write', 3, count, 4096)] });
    expect(at(1).seenPart).toBeCloseTo(1 / 3);
    expect(at(3)).toMatchObject({ seenPart: 1, weights: new Map([['sda', 1]]) });
  });

  test.each([
    ['write', 80, 80, 0],
    ['write', 0, 80, 0],
    ['writev', 80, undefined, 0],
    ['write', 0, 100 * MB, 1],
    ['writev', 0, undefined, 1],
    ['pwrite64', 0, 80, 1],
    ['write', undefined, 80, 1],
  ])(
    'met in %s() 15 times, its position moved by %s, %s bytes in flight: part %d',
    (name, movedBytes, length, part) => {
      const calls = [
        {
          count: 15,
          value: { name, kind: 'write' as const, fd: 9, ...(length !== undefined && { lengthBytes: length }) },
        },
      ];
      const open = file(9, '/a', 1, movedBytes === undefined ? {} : { movedBytes });
      expect(placed([open], 100 * MB, 'write', { calls }).seenPart).toBeCloseTo(part, 5);
    },
  );

  test('fsync is a call of the writes', () => {
    const calls = [call('sync', 3, 9)];
    expect(placed([file(3, '/a', 1, { mode: both })], MB, 'write', { calls }).weights).toEqual(new Map([['sda', 1]]));
    expect(placed([file(3, '/a', 1, { mode: both })], MB, 'read', { calls }).weights).toEqual(new Map());
  });

  test('a file on a server or on an unknown device takes its part away from every disk', () => {
    const files = [
      file(3, '/mnt/nfs/a', 4, { movedBytes: 60 * MB }),
      file(4, '/x', 99, { movedBytes: 30 * MB }),
      file(5, '/b', 1, { movedBytes: 10 * MB }),
    ];
    expect(placed(files).weights).toEqual(
      new Map([
        [NO_DEVICE, 0.6],
        [UNKNOWN_DEVICE, 0.3],
        ['sda', 0.1],
      ]),
    );
  });

  test('a file that is open to read places reads, not writes', () => {
    const files = [file(3, '/a', 1), file(4, '/data/b', 2, { mode: readOnly })];
    expect(placed(files).devices).toEqual(['sda']);
    expect(placed(files, MB, 'read').devices).toEqual(['sdb']);
  });

  test.each([
    ['a standard stream', file(1, '/a.log', 1, { movedBytes: 0 })],
    ['a log', file(7, '/a.log', 1, { mode: appends, movedBytes: 0 })],
  ])('%s whose position stood still carries nothing', (_, idle) => {
    expect(placed([idle]).devices).toEqual([]);
    expect(placed([idle, file(4, '/data/b', 2)]).devices).toEqual(['sdb']);
    const { movedBytes: _moved, ...unwatched } = idle;
    expect(placed([unwatched]).devices).toEqual(['sda']);
    expect(placed([idle], MB, 'write', { calls: [call('write', idle.fd, 9, MB)] }).seenPart).toBe(1);
  });

  test('a file that may be written with pwrite() or through a mapping may carry all, although its position stood still', () => {
    expect(placed([file(4, '/data/b', 2, { movedBytes: 0 })])).toMatchObject({ seenPart: 0, devices: ['sdb'] });
  });

  test('no files: nothing is known', () => {
    expect(placed([])).toEqual({ seenPart: 0, weights: new Map(), devices: [] });
  });
});

test('a call in flight counts for the file of its descriptor, in its direction', () => {
  const of = suspect(1, [], {
    calls: [{ count: 3, value: { name: 'write', kind: 'write', fd: 3, lengthBytes: 1000 } }],
  });
  expect(useOf(file(3, '/a', 1, { mode: both }), of, 'write')).toBe(3000);
  expect(useOf(file(3, '/a', 1, { mode: both }), of, 'read')).toBe(0);
  expect(useOf(file(4, '/a', 1, { mode: both }), of, 'write')).toBe(0);
});
