import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

export const victimWaitsAsLong: TrapCase = {
  name: '02-victim-waits-as-long',
  traps: [2],
  situation: 'tar packs a tree to the disk; beside it somebody writes 4 KiB, waits for it and so waits as long as tar',
  setup: async (stage) => {
    const tree = stage.inMemory('tree');
    run('mkdir', tree);
    for (const part of ['a', 'b', 'c']) {
      run('dd', 'if=/dev/urandom', `of=${tree}/${part}`, 'bs=1M', 'count=250', 'status=none');
    }
    await stage.python('victim', 'small_sync.py', [stage.onSlow('state.db'), 0.05]);
    await stage.start('tar', 'tar', ['-cf', stage.onSlow('backup.tar'), '-C', tree, '.']);
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'tar', as: 'process', activity: ['buffered-write'], path: /\/backup\.tar$/ }],
    victims: ['victim'],
  },
};
