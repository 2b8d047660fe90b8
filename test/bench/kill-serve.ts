/**
 * kill -9 of `whodisk serve` at random moments while sweeps are asked for, planned, under way and being ranked. After each restart a
 * checker compares what was asked with what is stored, and at the end once more for all rounds.
 */
import { serviceViolations } from '../serve/check-service.ts';
import { type AskedSweep, killRound } from '../serve/kill-round.ts';
import { recordedFleet } from '../serve/recorded-fleet.ts';
import { storeSite } from '../store/embedded.ts';

const ROUNDS = Number(process.argv[2] ?? 100);
const LONGEST_BEFORE_KILL_MS = 3500;

const fleet = await recordedFleet({ hosts: 12, answerAfterMs: 1000 });
const all: AskedSweep[] = [];
const wrong: string[] = [];
let inMidSweep = 0;
const began = performance.now();
try {
  for (let round = 1; round <= ROUNDS; round++) {
    const killAfterMs = Math.random() * LONGEST_BEFORE_KILL_MS;
    const targets = [fleet.names.slice(0, 8), fleet.names.slice(4), fleet.names.slice(0, 2)];
    const { asked, wasInMidSweep } = await killRound({ folder: fleet.folder, name: `r${round}`, killAfterMs }, targets);
    inMidSweep += wasInMidSweep ? 1 : 0;
    all.push(...asked);
    if (process.stderr.isTTY) process.stderr.write(`\r${round} of ${ROUNDS}`);
  }
  const store = await storeSite(`${fleet.folder}/state`).open();
  wrong.push(...(await serviceViolations(store, all)));
  await store.close();
} finally {
  await fleet.remove();
}

const seconds = Math.round((performance.now() - began) / 1000);
const statuses = new Map<string, number>();
for (const { status } of all) statuses.set(status, (statuses.get(status) ?? 0) + 1);
console.log(`${ROUNDS} rounds in ${seconds} s, ${inMidSweep} of them killed in mid-sweep, ${all.length} sweeps`);
console.log(`ended as ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}`);
console.log(wrong.length === 0 ? 'every sweep once, every host in it once, every act recorded once' : 'WRONG');
for (const one of new Set(wrong)) console.log(`  ${one}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
