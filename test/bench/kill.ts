/**
 * kill -9 of the process that holds the embedded store, again and again, while it and others write. After each round a checker compares
 * what was asked and acknowledged with what is stored, and at the end once more for all rounds.
 */
import { buildProgram } from '../store/build-program.ts';
import { violationsOf } from '../store/check-stored.ts';
import { storeSite } from '../store/embedded.ts';
import { killRound } from '../store/kill-round.ts';
import type { Writer } from '../store/writers.ts';

const ROUNDS = Number(process.argv[2] ?? 100);

const program = await buildProgram(new URL('../store/writer.ts', import.meta.url));
const site = storeSite();
const all: Writer[] = [];
const wrong: string[] = [];
let killed = 0;
let acknowledged = 0;
const began = performance.now();
try {
  for (let round = 1; round <= ROUNDS; round++) {
    const { writers, killed: dead, failures } = await killRound(program.file, site.folder, `r${round}`);
    killed += dead;
    acknowledged += writers.reduce((sum, { stored }) => sum + stored.size, 0);
    all.push(...writers);
    const store = await site.open();
    wrong.push(...failures, ...(await violationsOf(store, writers)));
    await store.close();
    if (process.stderr.isTTY) process.stderr.write(`\r${round} of ${ROUNDS}`);
  }
  const store = await site.open();
  wrong.push(...(await violationsOf(store, all)));
  await store.close();
} finally {
  await site.end();
  program.remove();
}

const seconds = Math.round((performance.now() - began) / 1000);
console.log(`${ROUNDS} rounds in ${seconds} s, ${killed} holders killed in mid-write, ${all.length} writers`);
console.log(
  `${acknowledged} findings acknowledged: ${wrong.length === 0 ? 'none lost, none doubled, none half' : 'WRONG'}`,
);
for (const one of new Set(wrong)) console.log(`  ${one}`);
process.exitCode = wrong.length === 0 && killed >= ROUNDS * 0.9 ? 0 : 1;
