import type { GuestCase } from '../trap-case.ts';

const MIB = 1024 * 1024;

export const ownLimitV2: GuestCase = {
  name: '13-own-limit-v2',
  traps: [13],
  situation: 'a unit may write 2 MB/s, says io.max of its control group; the disk could do far more',
  setup: async (guest) => {
    const number = (await guest.run(`cat /sys/block/${guest.device}/dev`)).trim();
    const script = 'exec dd if=/dev/zero of=/data/file bs=1M count=600 oflag=direct';
    const settings = { 'io.max': `${number} wbps=${2 * MIB}` };
    await guest.start('limited', script, { cgroup: '/system.slice/nightly.service', settings });
    await guest.wait(3000);
  },
  premise: { meanBusyPercent: { atMost: 50 }, writeBytesPerSecond: { atLeast: MIB, atMost: 4 * MIB } },
  expected: { verdict: ['healthy'], blamed: [], says: /limit|throttl/i },
};
