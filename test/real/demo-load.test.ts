/** `whodisk demo --load`: a disk that is really saturated, in the demo's sweep by name, and nothing of it afterwards, however the demo ended. */
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBlockGroups } from '../../functions/demo/block-groups.ts';
import { mountsIn } from '../../functions/demo/mounts.ts';
import { putBack } from '../../functions/demo/put-back.ts';
import { until } from '../faults/exchange.ts';
import { watchDisk } from '../lab/watch-disk.ts';
import { needs } from '../needs.ts';
import { startDemo } from './demo-process.ts';

const need = needs('root', 'linux', 'cgroup-io-limits', 'mount', 'e2fsprogs');
const WHODISK = fileURLToPath(new URL('../../bin/whodisk.js', import.meta.url));
const LIMIT_MS = 120_000;
const PATH = `${process.env['PATH']}:/usr/sbin:/sbin`;

interface Made {
  readonly disk: string;
  readonly pid: number;
  readonly file: string;
}

describe.skipIf(need.skip)('whodisk demo --load', () => {
  let home: string;
  let temporary: string;
  let running: ChildProcess[];
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'whodisk-load-')));
    temporary = join(home, 'tmp');
    mkdirSync(temporary);
    running = [];
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    for (const name of readdirSync(temporary)) await putBack(join(temporary, name), { path: PATH });
    rmSync(home, { recursive: true });
  });

  function start(args: readonly string[], path = PATH) {
    const env = { PATH: path, HOME: home, TMPDIR: temporary, LANG: 'C.UTF-8' };
    const demo = startDemo(process.execPath, [WHODISK, 'demo', '--plain', ...args], { env });
    running.push(demo.child);
    const made = async (): Promise<Made> => {
      await demo.said('A fleet to try');
      const [, disk = '', pid, file = ''] =
        /with (loop\d+), .* process (\d+) saturates it, with (\S+)/.exec(demo.stdout()) ?? [];
      return { disk, pid: Number(pid), file };
    };
    return { ...demo, made };
  }

  const filesBelow = (folder: string, file: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      try {
        return readFileSync(join(folder, name, file), 'latin1');
      } catch {
        return [];
      }
    });
  /** Loop devices, mounts, control groups, processes and files that are called after this home or a demo in it. */
  function left(): string[] {
    const root = findBlockGroups(readFileSync('/proc/self/mountinfo', 'utf8'))?.root ?? '';
    const tokens = new Set([...seen, ...readdirSync(temporary)]);
    return [
      ...filesBelow('/sys/block', 'loop/backing_file').filter((file) => file.startsWith(home)),
      ...mountsIn(home, readFileSync('/proc/self/mountinfo', 'utf8')).map(({ mountpoint }) => mountpoint),
      ...[...tokens].filter((name) => existsSync(join(root, name))),
      ...filesBelow('/proc', 'cmdline').filter((words) => words.includes(temporary)),
      ...readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'tmp'),
    ];
  }
  let seen: string[] = [];
  const noteNames = (): void => {
    seen = readdirSync(temporary).map((name) => basename(name));
  };

  it(
    'saturates a disk, the sweep names the writer and its file, and Ctrl-C leaves nothing',
    async () => {
      const demo = start(['--load', '-w', '5']);
      const { disk, pid, file } = await demo.made();
      noteNames();
      const watched = watchDisk(disk);
      await demo.said('Ctrl-C ends it');
      expect(watched.stop().meanBusyPercent).toBeGreaterThanOrEqual(95);
      expect(demo.stdout()).toContain(`disk: ${disk}: saturated`);
      expect(demo.stdout()).toMatch(new RegExp(`culprit: \\S+ ${pid}, runs demo-writer\\.js, .*confidence high`));
      expect(demo.stdout()).toContain(`file: ${file} `);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      expect(demo.stderr()).toBe('');
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each([
    ['SIGTERM', 0],
    ['SIGHUP', 0],
    ['SIGINT', 130],
  ] as const)(
    'leaves nothing after %s while it is still being made',
    async (signal, status) => {
      const demo = start(['--load', '-w', '5']);
      await until(
        () => readdirSync(temporary).some((name) => existsSync(join(temporary, name, 'load.img'))),
        'the image',
        30_000,
      );
      noteNames();
      demo.child.kill(signal);
      expect(await demo.ended).toBe(status);
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'leaves nothing where a second Ctrl-C does not wait for the first',
    async () => {
      const demo = start(['--load', '-w', '30']);
      await demo.made();
      noteNames();
      demo.child.kill('SIGINT');
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'leaves nothing where a part of it cannot be made, and says which',
    async () => {
      const programs = join(home, 'bin');
      mkdirSync(programs);
      writeFileSync(join(programs, 'mkfs.ext4'), '#!/bin/sh\necho no such luck >&2\nexit 1\n');
      chmodSync(join(programs, 'mkfs.ext4'), 0o755);
      const demo = start(['--load'], `${programs}:${PATH}`);
      expect(await demo.ended).toBe(1);
      expect(demo.stderr()).toBe('whodisk: the load does not start: no such luck\n');
      rmSync(programs, { recursive: true });
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'waits for no part of it that is being made where it is to end',
    async () => {
      const [programs, done] = [join(home, 'bin'), join(home, 'done')];
      mkdirSync(programs);
      writeFileSync(join(programs, 'mkfs.ext4'), `#!/bin/sh\nsleep 15\ntouch ${done}\n`, { mode: 0o755 });
      const demo = start(['--load'], `${programs}:${PATH}`);
      await until(
        () => filesBelow('/proc', 'cmdline').some((words) => words.includes(join(programs, 'mkfs.ext4'))),
        'mkfs.ext4',
        30_000,
      );
      noteNames();
      const sleepers = (): string[] => filesBelow('/proc', 'environ').filter((words) => words.includes(seen[0] ?? '-'));
      expect(sleepers()).not.toEqual([]);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      expect([existsSync(done), sleepers()]).toEqual([false, []]);
      rmSync(programs, { recursive: true });
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'says that its writer has been killed',
    async () => {
      const demo = start(['--load', '-w', '1']);
      const { pid } = await demo.made();
      process.kill(pid, 'SIGKILL');
      await until(() => demo.stderr() !== '', 'the message', 20_000);
      expect(demo.stderr()).toContain('writes no more: it ended with SIGKILL');
      demo.child.kill('SIGINT');
      await demo.ended;
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is put back by the next demo after kill -9, which its writer does not outlive',
    async () => {
      const killed = start(['--load', '-w', '30']);
      const { pid } = await killed.made();
      noteNames();
      killed.child.kill('SIGKILL');
      await killed.ended;
      await until(() => !existsSync(`/proc/${pid}`), 'the end of the writer', 20_000);
      expect(left()).toContain(join(temporary, seen[0] ?? '', 'load'));
      const demo = start(['-w', '1']);
      await demo.said('A fleet to try');
      expect(demo.stderr()).toBe(
        `whodisk: a demo was killed, and what it left is put back: a mount, 2 loop devices, a control group, ${join(temporary, seen[0] ?? '')}\n`,
      );
      expect(left().filter((name) => name.includes(seen[0] ?? ''))).toEqual([]);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'leaves nothing that ends late where it is killed while a part of it is being made',
    async () => {
      const programs = join(home, 'bin');
      mkdirSync(programs);
      const late = '#!/bin/sh\nsleep 4\nPATH=/usr/sbin:/sbin:/usr/bin:/bin exec losetup "$@"\n';
      writeFileSync(join(programs, 'losetup'), late, { mode: 0o755 });
      const killed = start(['--load'], `${programs}:${PATH}`);
      const isAttaching = (): boolean =>
        filesBelow('/proc', 'cmdline').some((words) => words.includes(join(programs, 'losetup')));
      await until(isAttaching, 'losetup', 30_000);
      noteNames();
      killed.child.kill('SIGKILL');
      await killed.ended;
      const demo = start(['-w', '1']);
      await demo.said('A fleet to try');
      expect(isAttaching()).toBe(false);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      rmSync(programs, { recursive: true });
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'has its disk where a link leads to a name that the kernel writes in octal, and leaves nothing there',
    async () => {
      const folder = join(home, 'my\ttmp \\040 (deleted)');
      mkdirSync(folder);
      rmSync(temporary, { recursive: true });
      symlinkSync(folder, temporary);
      const demo = start(['--load', '-w', '1']);
      await demo.made();
      noteNames();
      demo.child.kill('SIGTERM');
      expect(await demo.ended).toBe(0);
      expect(demo.stderr()).toBe('');
      expect(readdirSync(folder)).toEqual([]);
      rmSync(folder, { recursive: true });
      rmSync(temporary);
      mkdirSync(temporary);
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'goes with a mount namespace that nobody can look into any more',
    async () => {
      const env = { PATH, HOME: home, TMPDIR: temporary };
      const command = ['-m', process.execPath, WHODISK, 'demo', '--load', '-w', '9'];
      const demo = startDemo('unshare', command, { env });
      running.push(demo.child);
      await demo.said('A fleet to try');
      noteNames();
      demo.child.kill('SIGKILL');
      await demo.ended;
      await until(
        () => filesBelow('/sys/block', 'loop/backing_file').every((file) => !file.startsWith(home)),
        'no loop device of it',
        20_000,
      );
      const next = start(['-w', '1']);
      await next.said('A fleet to try');
      expect(next.stderr()).toContain(`is put back: a control group, ${join(temporary, seen[0] ?? '')}\n`);
      next.child.kill('SIGINT');
      await next.ended;
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is not touched by another one that comes and goes',
    async () => {
      const first = start(['--load', '-w', '1']);
      const { disk, pid } = await first.made();
      noteNames();
      const second = start(['--load', '-w', '1']);
      const other = await second.made();
      expect([other.disk, other.pid]).not.toEqual([disk, pid]);
      second.child.kill('SIGINT');
      expect(await second.ended).toBe(130);
      expect(second.stderr()).toBe('');
      const watched = watchDisk(disk);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(watched.stop().meanBusyPercent).toBeGreaterThanOrEqual(95);
      first.child.kill('SIGINT');
      expect(await first.ended).toBe(130);
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );
});
