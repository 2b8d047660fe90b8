/**
 * A program that stores one sweep and says on stdout what the store has acknowledged, a line each as soon as it knows:
 * `begun`, `stored NAME`, `finished`, or `problem KIND MESSAGE`. Arguments: FOLDER SWEEP PREFIX COUNT.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../../functions/store/open.ts';
import { StoreProblem } from '../../functions/store/problem.ts';
import { reportOf } from '../findings.ts';
import { namesOf, writtenHost } from './written-host.ts';

const [folder = '', sweepId = '', prefix = '', count = '0'] = process.argv.slice(2);
const AT_A_TIME = 7;
const say = (line: string): void => void writeSync(1, `${line}\n`);

function must<T>(answer: T | StoreProblem): T {
  if (!(answer instanceof StoreProblem)) return answer;
  say(`problem ${answer.kind} ${answer.message}`);
  process.exit(1);
}

const hosts = namesOf(prefix, Number(count)).map((name) => writtenHost(sweepId, name));
const report = reportOf(hosts, { id: sweepId });
const store = must(
  await openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now, deadlineMs: 15_000 }),
);
must(await store.beginSweep({ ...report.sweep, status: 'running' }, Date.now() + 600_000));
say('begun');
// A few at a time, as hosts of a sweep finish.
for (let at = 0; at < hosts.length; at += AT_A_TIME) {
  await Promise.all(
    hosts.slice(at, at + AT_A_TIME).map(async (host) => {
      must(await store.putHosts(sweepId, [host]));
      say(`stored ${host.host}`);
    }),
  );
}
must(await store.finishSweep(report));
say('finished');
for (const note of store.notes()) say(`note ${note}`);
await store.close();
