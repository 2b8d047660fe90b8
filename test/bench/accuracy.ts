/**
 * Who is right, and how often: `node scripts/run-ts.js test/bench/accuracy.ts [ROUNDS] [CASE ...]`. Every trap is built for real and measured
 * by whodisk over SSH and by its peers in the same window. Exit status 1 on any wrong name or failed premise, 2 where something is missing.
 *
 * WHODISK_RECORD=1 keeps what was recorded of the cases that were right; WHODISK_FAILING=FOLDER keeps frames and report of the others;
 * WHODISK_VERBOSE=1 says what each of them said.
 */
import { type Lab, withLab } from '../lab/session.ts';
import { howToGet, isPresent } from '../need-providers.ts';
import { openBed } from '../real/traps/bed.ts';
import { CASES, GUEST_CASES } from '../real/traps/cases.ts';
import { openGuest } from '../real/traps/guest.ts';
import type { Named } from '../real/traps/judge.ts';
import { GUEST_NEEDS, TRAP_NEEDS } from '../real/traps/needs.ts';
import { keepFailure, keepRecording, runCase, runGuestCase, type Tried } from '../real/traps/run-case.ts';
import type { Trap } from '../real/traps/trap-case.ts';
import { calibrationOf, HEADING, hasFailed, lineOf, type Round, totalsOf } from './accuracy-table.ts';

const [first = '1', ...others] = process.argv.slice(2);
const isCount = /^\d+$/.test(first);
const rounds = isCount ? Number(first) : 1;
const asked = isCount ? others : [first, ...others];
const isChosen = ({ name }: Trap): boolean => asked.length === 0 || asked.some((word) => name.includes(word));
const chosen = CASES.filter(isChosen);
const onGuests = GUEST_CASES.filter(isChosen);

const missing = [...TRAP_NEEDS, ...GUEST_NEEDS].filter((need) => !isPresent(need));
if (missing.length > 0) {
  process.stderr.write(`bench:accuracy needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}\n`);
  process.exit(2);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isRecording = process.env['WHODISK_RECORD'] === '1';
const isTalking = process.env['WHODISK_VERBOSE'] === '1';
const failing = process.env['WHODISK_FAILING'];
const done: Round[] = [];

async function note(tried: Tried): Promise<void> {
  const { trap, premiseProblems, whodisk, peers, host } = tried;
  const row: Round = { ...tried, name: trap.name };
  done.push(row);
  say(lineOf(row));
  for (const problem of [...premiseProblems.map((text) => `premise: ${text}`), ...whodisk.problems])
    say(`    ${problem}`);
  if (isTalking) {
    const top = (list: readonly Named[] = []): string => list.map(({ pid, command }) => `${command} ${pid}`).join();
    say(`    pidstat: ${top(peers?.pidstat)}; iotop: ${top(peers?.iotop)}; whodisk: ${host.summary}`);
  }
  if (failing !== undefined) keepFailure(failing, tried);
  if (isRecording && premiseProblems.length === 0 && whodisk.outcome === 'right') await keepRecording(tried);
}

async function onTheBed(): Promise<void> {
  const bed = await openBed();
  try {
    for (const trap of chosen) await note(await runCase(trap, bed));
  } finally {
    await bed.close();
  }
}

async function onTheGuest(lab: Lab): Promise<void> {
  const guest = await openGuest(lab);
  for (const trap of onGuests) await note(await runGuestCase(trap, guest));
}

say(HEADING);
for (let round = 0; round < rounds; round++) {
  if (chosen.length > 0) await onTheBed();
  if (onGuests.length > 0) await withLab(onTheGuest);
}
say('');
for (const line of [...totalsOf(done), ...calibrationOf(done)]) say(line);
process.exitCode = hasFailed(done) ? 1 : 0;
