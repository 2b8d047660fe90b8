import { join } from 'node:path';
import { attach, mount } from '../../../lab/slow-disk.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const loopWorker: TrapCase = {
  name: '10-loop-worker',
  traps: [10],
  situation: 'a program writes into a disk image on the saturated disk: the worker of the loop is charged as well',
  setup: async (stage) => {
    const { lab } = stage.bed;
    stage.slow.setRate('unlimited');
    const image = stage.onSlow('upper.img');
    const upper = attach(lab, image, 900, false);
    mount(lab, upper, join(lab.folder, 'upper'));
    stage.slow.setRate(20 * MIB);
    await stage.python('writer', 'paced_writer.py', [join(lab.folder, 'upper', 'guest.dat'), 600 * MIB, 0]);
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'writer', as: 'process', activity: ['buffered-write'], path: /\/guest\.dat$/ }],
  },
};
