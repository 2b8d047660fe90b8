import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const cacheThrash: TrapCase = {
  name: '17-cache-thrash',
  traps: [17],
  situation: 'a program reads the same 200 MB again and again; its memory limit leaves 64 MB for them',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('table'), 200);
    stage.slow.setRate(20 * MIB);
    const group = stage.cgroup('memory', 'reader', { 'memory.limit_in_bytes': String(64 * MIB) });
    const how = ['--size=200M', '--rw=read', '--bs=128k', '--invalidate=0'];
    await stage.start('reader', 'fio', fioArgs(stage.onSlow('table'), 'psync', ...how), { cgroups: [group] });
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'reader', as: 'process', activity: ['read'], path: /\/table$/ }],
    says: /memory limit|page cache|thrash|refault/i,
  },
};
