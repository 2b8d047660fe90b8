import { startContainer } from '../container.ts';
import type { GuestCase } from '../trap-case.ts';

const MIB = 1024 * 1024;
const ID = '4f1c0a7d9b3e58f26c01d7e4a98b35c60f12e7d8b9a3c4556677889900aabbcc';

export const container: GuestCase = {
  name: '25-container',
  traps: [],
  situation: 'a container writes to its layer, which is on the disk; a unit beside it waits for 4 KiB at a time',
  setup: async (guest) => {
    guest.slow(6);
    const wait = 'while :; do dd if=/dev/zero of=/data/state.db bs=4k count=1 conv=notrunc,fsync; sleep 0.1; done';
    await guest.start('victim', wait, { group: true, cgroup: '/system.slice/mail.service' });
    const script = 'exec dd if=/dev/zero of=/var/log/app.log bs=1M count=900';
    await startContainer(guest, 'writer', { cgroup: `/docker/${ID}`, script });
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
        path: /^\/var\/log\/app\.log$/,
        hostPath: /^\/data\/containers\/4f1c0a7d9b3e[0-9a-f]+\/upper\/var\/log\/app\.log$/,
        container: /^4f1c0a7d9b3e/,
        measured: true,
      },
    ],
  },
};
