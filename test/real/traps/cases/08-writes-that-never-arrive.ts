import { run } from '../../../lab/kernel.ts';
import { SLOW_BYTES_PER_SECOND } from '../bed.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const writesThatNeverArrive: TrapCase = {
  name: '08-writes-that-never-arrive',
  traps: [8],
  situation: 'fio saturates the disk; one program writes far more to a tmpfs, another rewrites one page of this disk',
  setup: async (stage) => {
    await stage.python('tmpfs', 'paced_writer.py', [stage.inMemory('scratch'), 200 * MIB, 150 * MIB]);
    await stage.python('hot-page', 'hot_page.py', [stage.onSlow('counter')]);
    // Laid out before: who writes where nothing was yet holds the file alone, and nobody queues behind it.
    stage.slow.setRate('unlimited');
    run('dd', 'if=/dev/zero', `of=${stage.onSlow('job.dat')}`, 'bs=1M', 'count=400', 'conv=fsync', 'status=none');
    stage.slow.setRate(SLOW_BYTES_PER_SECOND);
    const how = ['--size=400M', '--rw=write', '--bs=1M', '--direct=1', '--numjobs=4'];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('job.dat'), 'psync', ...how));
    await stage.untilBusy();
  },
  premise: { ...SATURATED, maxInFlight: { atLeast: 3 } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['direct-write'], path: /\/job\.dat$/ }],
  },
};
