import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { inputFor, rootedCommand, runBundle, withFolder } from './bundle-host.ts';
import { startNodeWriter, startShellWriter, type Writer } from './bundle-writer.ts';

const shellNeed = needs('linux', 'dash', 'bash', 'busybox', 'mawk', 'procps');
const rootNeed = needs('root', 'util-linux', 'mount', 'dash', 'bash', 'busybox', 'mawk', 'gawk', 'procps');
const straceNeed = needs('root', 'strace', 'dash', 'bash', 'busybox');

const SHELLS = ['dash', 'bash', 'busybox sh'];
const label = process.getuid?.() === 0 ? 'root' : 'user';
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let writer: Writer | undefined;
afterEach(async () => {
  await writer?.stop();
  writer = undefined;
});

describe.skipIf(shellNeed.skip)('how the bundle ends', () => {
  test.each(SHELLS)('by itself and with what it has when stdin closes in mid-run: %s', async (shell) => {
    const command = [...shell.split(' '), '-s', label];
    const run = await runBundle({ command, windowSeconds: 10, deadlineSeconds: 20, hangUpAfterMs: 1500 });
    expect(run.wallMs).toBeLessThan(6500);
    expect(run.reader.end).toEqual({ complete: false, reason: 'stdin-closed' });
    expect(run.capture?.samples.disks.length).toBeGreaterThan(0);
    await wait(1000);
    expect(run.leftRunning()).toEqual([]);
  });

  test.each(SHELLS)('with the answer whole and nothing left running: %s', async (shell) => {
    const run = await runBundle({ command: [...shell.split(' '), '-s', label], windowSeconds: 1 });
    expect(run.reader.end).toEqual({ complete: true, reason: '' });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toBe('');
    expect(run.leftRunning()).toEqual([]);
  });

  test.each(SHELLS)('without having run anything when it was cut off on its way: %s', (shell) => {
    const [program = 'sh', ...args] = [...shell.split(' '), '-s', label];
    const input = inputFor('0'.repeat(32), {});
    for (let length = 1; length < input.length - 1; length += 197) {
      const { stdout } = spawnSync(program, args, { input: input.slice(0, length), encoding: 'latin1', cwd: '/' });
      expect(`${length}: ${stdout}`).toBe(`${length}: `);
    }
  });
});

describe.skipIf(rootNeed.skip)('the bundle on a host in trouble', () => {
  test.each(['dash', 'bash', 'busybox'] as const)(
    'keeps its deadline when a program it waits for hangs: %s',
    async (shell) => {
      // The first two calls are answered, the third hangs as on a disk that does not answer.
      const prepare = `mv bin/head bin/head-of-today; mkdir state; mount -t tmpfs none state
printf '%s\\n' '#!/bin/sh' 'if [ -e /state/1 ]; then kill -STOP $$; fi' ': >/state/1' 'exec /bin/head-of-today "$@"' >bin/head; chmod 755 bin/head`;
      const command = (folder: string) => rootedCommand({ shell, awk: 'mawk', tools: 'gnu', prepare }, folder);
      const run = await withFolder((folder) =>
        runBundle({ command: command(folder), windowSeconds: 1, deadlineSeconds: 4 }),
      );
      expect(run.reader.end).toEqual({ complete: false, reason: 'deadline' });
      expect(run.wallMs).toBeLessThan(6000);
      expect(run.capture?.samples.disks.length).toBeGreaterThan(0);
      await wait(200);
      expect(run.leftRunning()).toEqual([]);
    },
  );

  test.each(['dash', 'bash', 'busybox'] as const)(
    'says what builtins can read where no fork works: %s',
    async (shell) => {
      const name = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
      const limited = [
        'setpriv',
        '--reuid=64902',
        '--regid=64902',
        '--clear-groups',
        'prlimit',
        '--nproc=1',
        ...name,
        '-s',
        'user',
      ];
      const run = await runBundle({ command: limited, windowSeconds: 1, deadlineSeconds: 25 });
      expect(run.reader.end).toEqual({ complete: false, reason: 'fork-failed' });
      expect(run.capture?.samples.disks.length).toBeGreaterThan(0);
      expect(run.reader.frames.map(({ label }) => label)).toContain('b /proc/diskstats');
      expect(run.leftRunning()).toEqual([]);
    },
    60_000,
  );

  test('takes a process by the name it has, whatever is in it', async () => {
    const name = ') D 1\n\u001b[31m("';
    writer = await startShellWriter(name);
    const { pid } = writer;
    const run = await runBundle({ command: ['dash', '-s', 'root'] });
    const row = run.capture?.samples.processes.find((process) => process.pid === pid);
    expect(row?.command).toBe(name);
    expect(row?.state).toMatch(/^[RSD]$/);
    const suspect = run.capture?.samples.suspects.find((each) => each.pid === pid);
    expect(suspect).toBeDefined();
    const course = suspect?.course ?? [];
    expect(course.length).toBeGreaterThan(1);
    expect(course).toHaveLength(suspect?.samples ?? 0);
    expect(course[0]?.atMs).toBeGreaterThan(300);
    expect(run.reader.damaged).toBe(0);
  });

  test.each(SHELLS)('sees a child that lives for one second: %s', async (shell) => {
    const running = runBundle({ command: [...shell.split(' '), '-s', 'root'], windowSeconds: 4 });
    await wait(2400);
    writer = await startShellWriter();
    const { pid, stop } = writer;
    await wait(1000);
    await stop();
    writer = undefined;
    const run = await running;
    const row = run.capture?.samples.processes.find((process) => process.pid === pid);
    expect(row?.seen).toBe('gone');
    expect(row?.io?.writtenBytes).toBeGreaterThan(1_000_000);
  });

  test('looks at a bounded number of the open files of a process that has thousands, and at the one it is writing to', async () => {
    writer = await startNodeWriter(`const fs = require('fs'); const folder = process.argv[1]; const fds = [];
for (let i = 0; i < 3000; i++) fds.push(fs.openSync(folder + '/' + i, 'w'));
const last = fds.at(-1); const block = Buffer.alloc(1 << 20); console.log('ready');
setInterval(() => fs.writeSync(last, block), 20);`);
    const { pid } = writer;
    const run = await runBundle({ command: ['dash', '-s', 'root'] });
    const suspect = run.capture?.samples.suspects.find((process) => process.pid === pid);
    expect(suspect?.files.length).toBeGreaterThan(0);
    expect(suspect?.files.length).toBeLessThanOrEqual(48);
    expect(run.output.length).toBeLessThan(60_000);
    const frame = run.reader.frames.find(({ kind, label: text }) => kind === 'suspect' && text.startsWith(`${pid} `));
    expect(frame?.payload.toString()).toMatch(/^fds \d+ -$/m);
  });

  test('names the script of an interpreter, and command lines only where they are wanted, without their secrets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whodisk-script-'));
    try {
      const secret = 'hunter2hunter2';
      writer = await startNodeWriter(`const { spawn } = require('child_process'); const fs = require('fs');
fs.writeFileSync('${folder}/backup.js', "const fs=require('fs');const f=fs.openSync('${folder}/out','w');const b=Buffer.alloc(1<<20);setInterval(()=>fs.writeSync(f,b),20)");
const child = spawn(process.execPath, ['--no-warnings', '${folder}/backup.js', '--password', '${secret}', '--db=postgres://me:${secret}@db/x', '--api-key=${secret}']);
console.log(child.pid);`);
      await wait(300);
      const quiet = await runBundle({ command: ['dash', '-s', 'root'] });
      const programs = quiet.reader.frames.filter(({ kind }) => kind === 'program');
      expect(programs.map(({ payload }) => payload.toString())).toContain(`${folder}/backup.js`);
      expect(quiet.capture?.samples.suspects.every(({ commandLine }) => commandLine === undefined)).toBe(true);
      const asked = await runBundle({ command: ['dash', '-s', 'root'], args: true });
      const line = asked.capture?.samples.suspects.find(({ program }) => program?.endsWith('backup.js'))?.commandLine;
      expect(line).toContain('--password [redacted]');
      expect(line).toContain('postgres://[redacted]@db/x');
      expect(asked.output.includes(secret)).toBe(false);
    } finally {
      await writer?.stop();
      writer = undefined;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe.skipIf(straceNeed.skip)('what the bundle does to a host', () => {
  test.each(SHELLS)(
    'opens no file for writing but /dev/null, and unlinks, renames and makes nothing: %s',
    async (shell) => {
      const folder = mkdtempSync(join(tmpdir(), 'whodisk-strace-'));
      try {
        const trace = ['strace', '-f', '-qq', '-o', join(folder, 'calls'), '-e', 'trace=%file'];
        const run = await runBundle({
          command: [...trace, ...shell.split(' '), '-s', 'root'],
          windowSeconds: 1,
          deadlineSeconds: 30,
        });
        expect(run.reader.end?.complete).toBe(true);
        const calls = readFileSync(join(folder, 'calls'), 'latin1').split('\n');
        expect(calls.length).toBeGreaterThan(500);
        const writing =
          /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|\b(creat|mkdir|mkdirat|mknod|unlink|unlinkat|rename\w*|link|linkat|symlink\w*|truncate|chmod|fchmodat|chown|fchownat|utime\w*|setxattr)\(/;
        const bad = calls.filter((call) => writing.test(call) && !/"\/dev\/(null|tty)"/.test(call));
        expect(bad).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
