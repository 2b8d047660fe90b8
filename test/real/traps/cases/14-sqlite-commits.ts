import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const SCRIPT = `sqlite3 "$1" 'create table if not exists visits (at text);'
yes "insert into visits values (datetime('now'));" | sqlite3 "$1"
`;

export const sqliteCommits: TrapCase = {
  name: '14-sqlite-commits',
  traps: [14],
  situation: 'SQLite commits row by row; a few bytes each, three waits for the disk each',
  setup: async (stage) => {
    await stage.shell('sqlite', SCRIPT, [stage.onSlow('visits.sqlite')], { group: true });
    stage.slow.setRequests(60);
    await stage.untilBusy();
  },
  premise: { ...SATURATED, writeBytesPerSecond: { atMost: 6 * 1024 * 1024 } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'sqlite', as: 'process', activity: ['fsync'], path: /\/visits\.sqlite/ }],
  },
};
