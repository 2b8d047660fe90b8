import type { GuestCase } from '../trap-case.ts';

const MIB = 1024 * 1024;
const ID = '4f1c0a7d9b3e58f26c01d7e4a98b35c60f12e7d8b9a3c4556677889900aabbcc';

export const container: GuestCase = {
  name: '25-container',
  traps: [],
  situation: 'a container writes to the disk; a unit beside it waits for 4 KiB at a time',
  setup: async (guest) => {
    guest.slow(6);
    const wait = 'while :; do dd if=/dev/zero of=/data/state.db bs=4k count=1 conv=notrunc,fsync; sleep 0.1; done';
    await guest.start('victim', wait, { group: true, cgroup: '/system.slice/mail.service' });
    const write = 'exec dd if=/dev/zero of=/data/layer.tar bs=1M count=900';
    await guest.start('writer', write, { cgroup: `/docker/${ID}` });
    await guest.wait(5000);
  },
  premise: { meanBusyPercent: { atLeast: 95 }, writeBytesPerSecond: { atLeast: 3 * MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [
      {
        role: 'writer',
        as: 'process',
        activity: ['buffered-write'],
        path: /\/layer\.tar$/,
        container: /^4f1c0a7d9b3e/,
        measured: true,
      },
    ],
  },
};
