import type { GuestCase } from '../trap-case.ts';

const MIB = 1024 * 1024;
const SCRIPT = `for i in 1 2 3 4; do
  dd if=/dev/zero of=/data/shard-$i bs=1M count=200 conv=notrunc &
done
wait`;

export const unitCounted: GuestCase = {
  name: '24-unit-counted',
  traps: [],
  situation: 'four workers of one unit write as one; its control group counts what reaches the disk',
  setup: async (guest) => {
    guest.slow(6);
    await guest.start('workers', SCRIPT, { group: true, cgroup: '/system.slice/shards.service' });
    await guest.wait(5000);
  },
  premise: { meanBusyPercent: { atLeast: 95 }, writeBytesPerSecond: { atLeast: 3 * MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'workers', as: 'group', activity: ['buffered-write'], unit: /^shards\.service$/, measured: true }],
  },
};
