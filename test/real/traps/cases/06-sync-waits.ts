import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

export const syncWaits: TrapCase = {
  name: '06-sync-waits',
  traps: [6],
  situation: 'rsync copies a large file to the disk; a sync of that disk sits there and waits',
  setup: async (stage) => {
    run('dd', 'if=/dev/urandom', `of=${stage.inMemory('image')}`, 'bs=1M', 'count=700', 'status=none');
    const copy = ['--whole-file', '--inplace', stage.inMemory('image'), stage.onSlow('image')];
    await stage.start('rsync', 'rsync', copy);
    await stage.untilBusy();
    await stage.start('sync', 'sync', ['-f', stage.slow.mountpoint]);
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'rsync', as: 'process', activity: ['buffered-write'], path: /\/image$/ }],
    victims: ['sync'],
  },
};
