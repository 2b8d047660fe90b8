/**
 * Who is right, and how often: `node scripts/run-ts.js test/bench/accuracy.ts [ROUNDS] [CASE ...]`. Every trap is built for real and measured
 * by whodisk over SSH and by its peers in the same window. Exit status 1 on any wrong name or failed premise, 2 where something is missing.
 *
 * WHODISK_RECORD=1 keeps what was recorded of the cases that were right; WHODISK_FAILING=FOLDER keeps frames and report of the others;
 * WHODISK_VERBOSE=1 says what each of them said.
 */
import { howToGet, isPresent } from '../need-providers.ts';
import { openBed } from '../real/traps/bed.ts';
import { CASES } from '../real/traps/cases.ts';
import { TRAP_NEEDS } from '../real/traps/needs.ts';
import { keepFailure, keepRecording, runCase } from '../real/traps/run-case.ts';
import { calibrationOf, HEADING, hasFailed, lineOf, type Round, totalsOf } from './accuracy-table.ts';

const [first = '1', ...others] = process.argv.slice(2);
const isCount = /^\d+$/.test(first);
const rounds = isCount ? Number(first) : 1;
const asked = isCount ? others : [first, ...others];
const chosen = CASES.filter(({ name }) => asked.length === 0 || asked.some((word) => name.includes(word)));

const missing = TRAP_NEEDS.filter((need) => !isPresent(need));
if (missing.length > 0) {
  process.stderr.write(`bench:accuracy needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}\n`);
  process.exit(2);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isRecording = process.env['WHODISK_RECORD'] === '1';
const isTalking = process.env['WHODISK_VERBOSE'] === '1';
const failing = process.env['WHODISK_FAILING'];
const done: Round[] = [];
const bed = await openBed();
try {
  say(HEADING);
  for (let round = 0; round < rounds; round++) {
    for (const trap of chosen) {
      const tried = await runCase(trap, bed);
      const row: Round = { ...tried, name: trap.name };
      done.push(row);
      say(lineOf(row));
      for (const problem of [...tried.premiseProblems.map((text) => `premise: ${text}`), ...tried.whodisk.problems]) {
        say(`    ${problem}`);
      }
      if (isTalking) {
        const { peers, host } = tried;
        const top = (named: typeof peers.iotop): string => named.map(({ pid, command }) => `${command} ${pid}`).join();
        say(`    pidstat: ${top(peers.pidstat)}; iotop: ${top(peers.iotop)}; whodisk: ${host.summary}`);
      }
      if (failing !== undefined) keepFailure(failing, tried);
      const isKept = isRecording && tried.premiseProblems.length === 0 && tried.whodisk.outcome === 'right';
      if (isKept) await keepRecording(tried);
    }
  }
} finally {
  await bed.close();
}
say('');
for (const line of [...totalsOf(done), ...calibrationOf(done)]) say(line);
process.exitCode = hasFailed(done) ? 1 : 0;
