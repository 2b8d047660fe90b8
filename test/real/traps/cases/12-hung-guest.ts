import type { GuestCase } from '../trap-case.ts';

export const hungGuest: GuestCase = {
  name: '12-hung-guest',
  traps: [12],
  situation: 'the disk of a host stops in the middle of its work; the kernel says little, login still works',
  setup: async (guest) => {
    guest.slow(8);
    await guest.start('writer', 'exec dd if=/dev/zero of=/data/file bs=1M count=900');
    await guest.wait(3000);
    guest.slow('stop');
    await guest.wait(1500);
  },
  premise: { meanBusyPercent: { atLeast: 95 }, inFlightAfter: { atLeast: 1 }, writeBytesPerSecond: { atMost: 0 } },
  expected: { verdict: ['hung'], blamed: [] },
};
