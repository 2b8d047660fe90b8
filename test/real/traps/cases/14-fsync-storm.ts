import { readdirSync } from 'node:fs';
import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const VERSIONS = '/usr/lib/postgresql';
const asPostgres = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];

export const fsyncStorm: TrapCase = {
  name: '14-fsync-storm',
  traps: [14],
  situation: 'PostgreSQL under pgbench: each commit is a few bytes and an fsync',
  setup: async (stage) => {
    const programs = `${VERSIONS}/${readdirSync(VERSIONS).sort().at(-1)}/bin`;
    const data = stage.onSlow('pgdata');
    const sockets = stage.inMemory('sockets');
    const postgres = (program: string, ...args: string[]) =>
      run('setpriv', ...asPostgres, `${programs}/${program}`, ...args);
    stage.slow.setRate('unlimited');
    for (const folder of [data, sockets]) run('install', '-d', '-m', '700', '-o', 'postgres', folder);
    postgres('initdb', '-D', data, '--no-sync', '-A', 'trust', '-E', 'UTF8', '--locale=C');
    const options = ['-D', data, '-k', sockets, '-c', 'listen_addresses='];
    await stage.start('server', 'setpriv', [...asPostgres, `${programs}/postgres`, ...options], {
      group: true,
      cwd: '/',
    });
    run('sh', '-c', `until ${programs}/pg_isready -q -h "$1"; do sleep 0.1; done`, 'sh', sockets);
    postgres('pgbench', '-h', sockets, '-i', '-q', '-s', '2', 'postgres');
    stage.slow.setRequests(60);
    const clients = ['-h', sockets, '-c', '12', '-j', '1', '-T', '120', '-n', '-N', 'postgres'];
    await stage.start('client', 'setpriv', [...asPostgres, `${programs}/pgbench`, ...clients], { cwd: '/' });
    await stage.untilBusy();
  },
  premise: { ...SATURATED, writeBytesPerSecond: { atMost: 6 * 1024 * 1024 } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'server', as: 'group', activity: ['fsync'], path: /\/pg_wal\// }],
  },
};
