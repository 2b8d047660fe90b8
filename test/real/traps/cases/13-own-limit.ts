import { deviceNumber } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';

const MIB = 1024 * 1024;

export const ownLimit: TrapCase = {
  name: '13-own-limit',
  traps: [13],
  situation: 'dd may write 2 MB/s, says its own control group; the disk could do far more',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    const limit = `${deviceNumber(stage.slow.device)} ${2 * MIB}`;
    const group = stage.cgroup('blkio', 'nightly', { 'blkio.throttle.write_bps_device': limit });
    const how = ['if=/dev/zero', `of=${stage.onSlow('file')}`, 'bs=1M', 'count=500', 'oflag=direct', 'status=none'];
    await stage.start('limited', 'dd', how, { cgroups: [group] });
    await stage.wait(2000);
  },
  premise: { meanBusyPercent: { atMost: 50 }, writeBytesPerSecond: { atLeast: MIB, atMost: 4 * MIB } },
  expected: { verdict: ['healthy'], blamed: [], says: /limit|throttl/i },
};
