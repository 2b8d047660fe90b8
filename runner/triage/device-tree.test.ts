import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyHost } from '../../test/any-host.ts';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { parseMountinfo } from '../proc/mountinfo.ts';
import { parseSysBlock } from '../proc/sys-block.ts';
import { deviceTree } from './device-tree.ts';

const rhel7 = deviceTree(
  parseSysBlock(readFixture('3.10', 'sys-block')),
  parseMountinfo(readFixture('3.10', 'mountinfo')).mounts,
  new Map(),
);
const docker = deviceTree(
  parseSysBlock(
    '/sys/block/sda/dev:8:0\n/sys/block/sda/sda1/dev:8:1\n/sys/block/sdb/dev:8:16\n/sys/block/sdb/sdb1/dev:8:17\n',
  ),
  parseMountinfo(readFixture('5.10', 'mountinfo')).mounts,
  new Map(),
);
const deviceOf = (tree: typeof rhel7, path: string) => {
  const mount = tree.mountOfPath(path);
  return mount && tree.ofMount(mount);
};

describe('deviceTree', () => {
  test('LVM on a partition: the volume stands on the whole disk', () => {
    expect(rhel7.below('dm-0')).toEqual(['sda']);
    expect(rhel7.above('sda')).toEqual(['dm-0', 'dm-1']);
    expect(deviceOf(rhel7, '/var/log/messages')).toBe('dm-0');
    expect(deviceOf(rhel7, '/boot/vmlinuz')).toBe('sda');
    expect(rhel7.mountpoints('dm-0')).toEqual(['/']);
  });

  test('memory and servers stand on no device', () => {
    expect(deviceOf(rhel7, '/dev/shm/x')).toBeUndefined();
    expect(deviceOf(rhel7, '/mnt/nfs share/x')).toBeUndefined();
  });

  test('a mirror stands on both of its halves', () => {
    const tree = deviceTree(parseSysBlock(readFixture('4.18', 'sys-block')), [], new Map());
    expect(tree.below('md127')).toEqual(['sdb', 'sdc']);
  });

  test("a container's overlay is on the disk of its upper directory", () => {
    expect(deviceOf(docker, '/var/lib/docker/overlay2/5f0c/merged/app.log')).toBe('sda');
  });

  test('btrfs has an anonymous number: its source names a device', () => {
    expect(deviceOf(docker, '/home/x')).toBe('sdb');
  });

  test('the longest mountpoint holds a path; a name that only begins alike does not', () => {
    expect(docker.mountOfPath('/mnt/bind/x')?.id).toBe(600);
    expect(docker.mountOfPath('/homework/x')?.id).toBe(30);
    expect(docker.mountOfPath('/home')?.id).toBe(501);
  });

  test('a container\'s "/" behind the host\'s own in the list does not hide it', () => {
    const { mounts } = parseMountinfo(
      '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:17 / /data rw - ext4 /dev/sdb1 rw\n3 0 0:77 / / rw - overlay overlay rw,upperdir=/data/u\n',
    );
    const blocks = parseSysBlock(
      '/sys/block/sda/dev:8:0\n/sys/block/sda/sda1/dev:8:1\n/sys/block/sdb/dev:8:16\n/sys/block/sdb/sdb1/dev:8:17\n/sys/block/loop0/dev:7:0\n/sys/block/loop0/loop/backing_file:/images/x.img\n',
    );
    const tree = deviceTree(blocks, mounts, new Map());
    expect(deviceOf(tree, '/images/x.img')).toBe('sda');
    expect(tree.below('loop0')).toEqual(['sda']);
    const own = tree.mountById(3);
    expect(own && tree.ofMount(own)).toBe('sdb');
  });

  test('nodes in /dev: known block devices only', () => {
    expect(docker.ofNode('/dev/sda1')).toBe('sda');
    expect(rhel7.ofNode('/dev/mapper/centos-root')).toBe('dm-0');
    for (const node of ['/dev/kvm', '/dev/shm/x', '/dev/mapper/other', '/dev/', '/etc/sda1'])
      expect(docker.ofNode(node)).toBeUndefined();
  });

  test.each([
    ['sda1', 'sda'],
    ['nvme0n1p2', 'nvme0n1'],
    ['mmcblk0p1', 'mmcblk0'],
    ['loop1p1', 'loop1'],
    ['cciss/c0d0p1', 'cciss/c0d0'],
    ['nvme0n1', 'nvme0n1'],
    ['loop12', 'loop12'],
    ['dm-1', 'dm-1'],
    ['xvda1', 'xvda1'],
  ])('without /sys/block %s belongs to %s', (name, whole) => {
    const names = [
      'sda',
      'sda1',
      'nvme0n1',
      'nvme0n1p2',
      'mmcblk0',
      'mmcblk0p1',
      'loop1',
      'loop1p1',
      'loop12',
      'cciss/c0d0',
      'cciss/c0d0p1',
      'dm-1',
      'xvda1',
    ];
    const tree = deviceTree([], [], new Map(names.map((device, i) => [`1:${i}`, device])));
    expect(tree.wholeDevice(name)).toBe(whole);
  });

  test('loop devices that stand on each other end somewhere', () => {
    const mounts = parseMountinfo(
      '1 0 7:0 / /a rw - ext4 /dev/loop0 rw\n2 0 7:1 / /b rw - ext4 /dev/loop1 rw\n',
    ).mounts;
    const blocks = parseSysBlock(
      '/sys/block/loop0/dev:7:0\n/sys/block/loop0/loop/backing_file:/b/x\n/sys/block/loop1/dev:7:1\n/sys/block/loop1/loop/backing_file:/a/x\n',
    );
    const tree = deviceTree(blocks, mounts, new Map());
    expect(tree.below('loop0')).toEqual(['loop1']);
    expect(tree.above('loop0')).toEqual(['loop1']);
  });

  test('an overlay whose upper directory lies in itself ends somewhere', () => {
    const mounts = parseMountinfo(
      '1 0 0:9 / /a rw - overlay o rw,upperdir=/b/u\n2 0 0:8 / /b rw - overlay o rw,upperdir=/a/u\n',
    ).mounts;
    const tree = deviceTree([], mounts, new Map());
    expect(deviceOf(tree, '/a/x')).toBeUndefined();
  });

  test('nothing stands on itself, however the host describes its devices', () => {
    fc.assert(
      fc.property(anyHost, ({ blockDevices, mounts }) => {
        const tree = deviceTree(blockDevices, mounts, new Map());
        for (const { name } of blockDevices) {
          expect(tree.below(name)).not.toContain(name);
          expect(tree.above(name)).not.toContain(name);
        }
      }),
    );
  });
});
