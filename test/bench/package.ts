/**
 * How large the functions are and how long they take to load: `npm run bench:package [TIMES]`. Packages them, then imports each bundle in
 * processes of its own (default 9). Ends with 1 where one is over its budget.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const BUILT = path.join(ROOT, 'build', 'lambda');
const times = Number(process.argv[2] ?? 9);

/** In KB of 1,000 bytes, and in milliseconds from before import() to after it. */
const BUDGETS: Readonly<Record<string, { readonly kilobytes: number; readonly importMs?: number }>> = {
  worker: { kilobytes: 900, importMs: 200 },
  api: { kilobytes: 600, importMs: 200 },
};

const packaged = spawnSync(process.execPath, [path.join(ROOT, 'scripts', 'deploy.js'), 'package'], { cwd: ROOT });
if (packaged.status !== 0) throw new Error(packaged.stderr.toString());

const over: string[] = [];
process.stdout.write(`Node ${process.versions.node}, median of ${times} processes\n`);
process.stdout.write(
  `${'function'.padEnd(12)}${'bundle'.padStart(9)}${'zip'.padStart(9)}${'cold import'.padStart(15)}\n`,
);
for (const name of readdirSync(BUILT, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
)) {
  const file = path.join(BUILT, name, 'index.mjs');
  const kilobytes = statSync(file).size / 1000;
  const zipKilobytes = statSync(path.join(ROOT, '.serverless', `${name}.zip`)).size / 1000;
  const took = Array.from({ length: times }, () => importMs(file)).sort((a, b) => a - b);
  const medianMs = took[Math.floor(times / 2)] ?? Number.NaN;
  const spread = `${Math.round(medianMs)} ms (${Math.round(took[0] ?? 0)}–${Math.round(took.at(-1) ?? 0)})`;
  const sizes = [kilobytes, zipKilobytes].map((size) => `${Math.round(size)} KB`.padStart(9)).join('');
  process.stdout.write(`${name.padEnd(12)}${sizes}${spread.padStart(20)}\n`);
  const budget = BUDGETS[name];
  if (budget && kilobytes > budget.kilobytes) over.push(`${name} is larger than ${budget.kilobytes} KB`);
  if (budget?.importMs !== undefined && medianMs > budget.importMs)
    over.push(`${name} takes longer than ${budget.importMs} ms`);
}
for (const each of over) process.stdout.write(`OVER BUDGET: ${each}\n`);
process.exitCode = over.length > 0 ? 1 : 0;

function importMs(file: string): number {
  const program = `const from = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - from);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env: {} }));
}
