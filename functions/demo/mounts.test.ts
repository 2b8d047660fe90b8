import { expect, test } from 'vitest';
import { mountsIn, mountsOf } from './mounts.ts';

const TEXT = `22 27 0:20 / /sys rw,nosuid - sysfs sysfs rw
31 22 0:27 / /sys/fs/cgroup/blkio rw,nosuid shared:9 - cgroup cgroup rw,blkio
40 27 7:1 / /tmp/my\\040demo/load rw,noatime shared:90 - ext4 /dev/loop1 rw
41 40 254:0 /home /tmp/my\\040demo/load/home rw - ext4 /dev/vda rw
42 27 254:0 / /tmp/my\\040demonstration rw - ext4 /dev/vda rw
rubbish
`;

test('mounts are read with their device, type and options, names as they are', () => {
  expect(mountsOf(TEXT)).toHaveLength(5);
  expect(mountsOf(TEXT)[1]).toEqual({
    device: '0:27',
    mountpoint: '/sys/fs/cgroup/blkio',
    type: 'cgroup',
    options: ['rw', 'blkio'],
  });
});

test('of a folder, they are those at it and in it, the last one first, and not those of one that begins like it', () => {
  const found = mountsIn('/tmp/my demo', TEXT).map(({ mountpoint }) => mountpoint);
  expect(found).toEqual(['/tmp/my demo/load/home', '/tmp/my demo/load']);
});
