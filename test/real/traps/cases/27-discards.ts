import type { GuestCase } from '../trap-case.ts';

const MIB = 1024 * 1024;

export const discards: GuestCase = {
  name: '27-discards',
  traps: [],
  situation: 'fstrim tells a disk what is free, and the disk takes its time for it; hardly a byte is read or written',
  setup: async (guest) => {
    guest.slow(2);
    await guest.start('trim', 'exec fstrim /data');
    await guest.wait(3000);
  },
  premise: {
    // One after the other: between two batches there is a tick in which nothing is asked of it.
    meanBusyPercent: { atLeast: 90 },
    discardsPerSecond: { atLeast: 20 },
    writeBytesPerSecond: { atMost: 0.5 * MIB },
  },
  expected: { verdict: ['saturated'], blamed: [{ role: 'trim', as: 'process', activity: ['discard'] }] },
};
