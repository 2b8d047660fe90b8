import { describe, expect, test } from 'vitest';
import { file, host, MB, suspect } from '../../test/host-samples.ts';
import { deviceTree } from './device-tree.ts';
import { NO_DEVICE, placeFiles, placementOf, useOf } from './placement.ts';
import type { OpenFile, Suspect } from './samples.ts';

const { blockDevices, mounts } = host();
const tree = deviceTree(blockDevices, mounts, new Map());
const both = { reads: true, writes: true, direct: false, sync: false, append: false };
const readOnly = { ...both, writes: false };
const placed = (files: OpenFile[], direction: 'read' | 'write' = 'write', more: Partial<Suspect> = {}) => {
  const of = suspect(100, files, more);
  return placementOf(of, placeFiles(of, tree), direction);
};

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

  test('a mount that was not sent places nothing', () => {
    expect(placeFiles(suspect(1, [file(3, '/x', 99)]), tree)).toMatchObject([{ device: undefined }]);
    expect(placed([file(3, '/x', 99)])).toEqual({ how: 'unknown' });
  });
});

describe('placementOf', () => {
  test('one disk only: there', () => {
    expect(placed([file(3, '/a', 1), file(4, '/b', 1)])).toEqual({ how: 'files', weights: new Map([['sda', 1]]) });
  });

  test('two disks: by what was seen to go through the files', () => {
    const files = [file(3, '/a', 1, { movedBytes: 30 * MB }), file(4, '/data/b', 2, { movedBytes: 10 * MB })];
    expect(placed(files)).toEqual({
      how: 'files',
      weights: new Map([
        ['sda', 0.75],
        ['sdb', 0.25],
      ]),
    });
  });

  test('two disks and nothing seen: among them, unknown which', () => {
    expect(placed([file(3, '/a', 1), file(4, '/data/b', 2)])).toEqual({ how: 'among', devices: ['sda', 'sdb'] });
  });

  test('a file that is open to read places reads, not writes', () => {
    const files = [file(3, '/a', 1), file(4, '/data/b', 2, { mode: readOnly })];
    expect(placed(files)).toMatchObject({ weights: new Map([['sda', 1]]) });
    expect(placed(files, 'read')).toMatchObject({ weights: new Map([['sdb', 1]]) });
  });

  test('no files: unknown', () => {
    expect(placed([])).toEqual({ how: 'unknown' });
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
