import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const swapStorm: TrapCase = {
  name: '11-swap-storm',
  traps: [11],
  situation: 'a program needs more memory than its group may have: swap is on the disk, and nobody has written a byte',
  setup: async (stage) => {
    const file = stage.onSlow('swapfile');
    stage.slow.setRate('unlimited');
    run('dd', 'if=/dev/zero', `of=${file}`, 'bs=1M', 'count=600', 'oflag=direct', 'status=none');
    run('chmod', '600', file);
    run('mkswap', file);
    stage.bed.lab.note({ kind: 'swap', path: file });
    run('swapon', file);
    const group = stage.cgroup('memory', 'hog', {
      'memory.limit_in_bytes': String(96 * MIB),
      'memory.swappiness': '100',
    });
    await stage.python('hog', 'memory_hog.py', [400 * MIB], { cgroups: [group] });
    stage.slow.setRate(20 * MIB);
    await stage.untilBusy();
  },
  premise: { ...SATURATED, swappedPagesPerSecond: { atLeast: 1000 } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'hog', as: 'process', activity: ['swap'] }],
    says: /swap|memory/i,
  },
};
