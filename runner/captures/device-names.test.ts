import { describe, expect, test } from 'vitest';
import { deviceOfNumber, diskOfPartition, isDisk, isLayer, numberOfDisk } from './device-names.ts';

describe('which device holds a file system of a number', () => {
  test.each([
    ['8:1', ['sda', 'sdb'], 'sda'],
    ['8:16', ['sda', 'sdb'], 'sdb'],
    ['65:3', ['sdq'], 'sdq'],
    ['65:163', ['sdaa'], 'sdaa'],
    ['202:1', ['xvda', 'xvdf'], 'xvda'],
    ['202:80', ['xvda', 'xvdf'], 'xvdf'],
    ['7:3', ['loop3', 'sda'], 'loop3'],
    ['9:0', ['md0', 'sda'], 'md0'],
    ['179:2', ['mmcblk0'], 'mmcblk0'],
    ['254:1', ['vda', 'vdb'], 'vda'],
    ['252:17', ['vda', 'vdb'], 'vdb'],
    ['253:2', ['sda', 'dm-0', 'dm-2'], 'dm-2'],
    ['259:2', ['nvme0n1', 'sda'], 'nvme0n1'],
    ['253:1', ['vda', 'dm-1'], undefined],
    ['253:0', ['vda', 'vdb', 'vg-root'], undefined],
    ['259:2', ['nvme0n1', 'nvme1n1'], undefined],
    ['8:33', ['sda', 'sdb'], undefined],
    ['0:50', ['sda'], undefined],
    ['nonsense', ['sda'], undefined],
  ])('%s among %j: %s', (number, listed, device) => {
    expect(deviceOfNumber(number, listed)).toBe(device);
  });

  test('a disk has the number that its partitions are counted from', () => {
    for (const name of ['sda', 'sdp', 'sdq', 'sdaa', 'sdiv', 'loop7'])
      expect(deviceOfNumber(numberOfDisk(name) ?? '', [name, 'sdb']), name).toBe(name);
    expect(numberOfDisk('sdiw')).toBeUndefined();
    expect(numberOfDisk('nvme0n1')).toBeUndefined();
  });
});

test('partitions belong to a disk that is listed', () => {
  const listed = new Set(['sda', 'nvme0n1', 'loop1', 'dm-1']);
  expect(['sda1', 'nvme0n1p2', 'loop1p1', 'sdb1', 'dm-12', 'sda'].map((name) => diskOfPartition(name, listed))).toEqual(
    ['sda', 'nvme0n1', 'loop1', undefined, undefined, undefined],
  );
});

test('disks, layers and what is neither', () => {
  const names = ['sda', 'nvme0n1', 'xvdf', 'dm-0', 'md127', 'vg-root', 'loop0', 'zram0', 'sr0'];
  expect(names.filter(isDisk)).toEqual(['sda', 'nvme0n1', 'xvdf']);
  expect(names.filter(isLayer)).toEqual(['dm-0', 'md127', 'vg-root']);
});
