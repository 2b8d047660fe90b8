import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

export const deletedLog: TrapCase = {
  name: '19-deleted-log',
  traps: [19],
  situation: 'a Python logger goes on with a log that was deleted: no path leads to what it writes',
  setup: async (stage) => {
    await stage.python('logger', 'deleted_log.py', [stage.onSlow('app.log')]);
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'logger', as: 'process', activity: ['buffered-write'], path: /\/app\.log$/, deleted: true }],
  },
};
