// npm run check: everything that can be said about the sources without running them. One line for each check; what a failing
// one printed; and at the end what to do.
import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const local = (name) => path.join(root, 'node_modules', '.bin', name);

const CHECKS = [
  {
    name: 'format, lint and import boundaries (biome)',
    command: [local('biome'), 'check', '--error-on-warnings'],
    mend: '`npm run format` mends what can be mended by itself',
  },
  { name: 'types (tsc)', command: [local('tsc'), '--noEmit'], mend: 'correct the types named above' },
  {
    name: 'unused files, exports and packages (knip)',
    command: [local('knip')],
    mend: 'remove what nobody uses, or stop exporting it',
  },
  {
    name: 'shell scripts, the bundle as POSIX sh (shellcheck)',
    command: ['shellcheck', '.ci/run', ...shellScripts()],
    mend: 'each SC number is explained at https://www.shellcheck.net/wiki/SCnnnn',
    provided: 'sudo apt-get install shellcheck',
  },
];

const failed = [];
const skipped = [];
for (const check of CHECKS) {
  const [program, ...args] = check.command;
  if (check.provided !== undefined && !isProgram(program)) {
    if (isCi())
      failed.push({
        ...check,
        mend: `${program} is not installed, and with CI set nothing is skipped: ${check.provided}`,
      });
    else skipped.push(check);
    continue;
  }
  const startedAt = performance.now();
  const { ok, output } = await run(program, args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${check.name}, ${seconds} s\n`);
  if (!ok) {
    process.stdout.write(`${output.trimEnd()}\n\n`);
    failed.push(check);
  }
}
for (const check of skipped) process.stdout.write(`not run: ${check.name}. To run it: ${check.provided}\n`);
if (failed.length > 0) {
  process.stdout.write(`\n${failed.length} of ${CHECKS.length} checks failed:\n`);
  for (const { name, mend } of failed) process.stdout.write(`  ${name}: ${mend}\n`);
  process.exitCode = 1;
}

/** Those without a `#!` line say their shell in a `# shellcheck shell=sh` line. */
function shellScripts() {
  return ['runner', 'test'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.sh'))
      .map((name) => path.join(folder, name)),
  );
}

function run(program, args) {
  return new Promise((resolve) => {
    const env = process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env;
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) =>
      resolve({ ok: false, output: `${program} does not start: ${error.message}\nRun \`npm ci\`.` }),
    );
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

function isProgram(name) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isCi() {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}
