/** What whodisk demo takes away at its end, on a machine where others come near: nothing that is not its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBlockGroups } from '../../functions/demo/block-groups.ts';
import { openDemoPlace } from '../../functions/demo/demo-place.ts';
import { mountsIn } from '../../functions/demo/mounts.ts';
import { putBack } from '../../functions/demo/put-back.ts';
import { groupPath, imageIn, markOf, mountpointIn } from '../../functions/demo/remains.ts';
import { StateFolderProblem } from '../../functions/state-folder.ts';
import { needs } from '../needs.ts';

const need = needs('root', 'linux', 'cgroup-io-limits', 'mount', 'e2fsprogs');
const path = '/usr/sbin:/usr/bin:/sbin:/bin';
const LIMIT_MS = 60_000;

describe.skipIf(need.skip)('what a demo takes away', () => {
  let home: string;
  let folder: string;
  let precious: string;
  let undo: (() => void)[];
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'whodisk-put-back-')));
    folder = join(home, `whodisk-demo-${'0123'.repeat(6)}`);
    mkdirSync(folder, { mode: 0o700 });
    precious = join(home, 'precious');
    mkdirSync(precious);
    writeFileSync(join(precious, 'thing'), '');
    undo = [];
  });
  afterEach(async () => {
    for (const step of undo.reverse()) step();
    await putBack(folder, { path });
    rmSync(home, { recursive: true });
  });

  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { env: { PATH: path }, encoding: 'utf8' }).trim();
  const backingOf = (device: string): string =>
    readFileSync(`/sys/block/${basename(device)}/loop/backing_file`, 'utf8').trim();
  const mounted = (): string[] =>
    mountsIn(home, readFileSync('/proc/self/mountinfo', 'utf8')).map(({ mountpoint }) => mountpoint);
  const bind = (where: string): void => {
    run('mount', '--bind', precious, where);
    undo.push(() => run('umount', where));
  };
  /** As the demo makes it. */
  function disk(): readonly [string, string] {
    writeFileSync(imageIn(folder), '');
    truncateSync(imageIn(folder), 16 * 1024 * 1024);
    run('mkfs.ext4', '-q', imageIn(folder));
    const lower = run('losetup', '-f', '--show', imageIn(folder));
    const upper = run('losetup', '-f', '--show', lower);
    mkdirSync(mountpointIn(folder));
    run('mount', upper, mountpointIn(folder));
    return [lower, upper];
  }
  function sleeper(options: { readonly uid?: number; readonly env: Readonly<Record<string, string>> }): ChildProcess {
    const child = spawn('/bin/sleep', ['600'], { stdio: 'ignore', ...options });
    undo.push(() => child.kill('SIGKILL'));
    return child;
  }

  it('is all of its own', { timeout: LIMIT_MS }, async () => {
    disk();
    const writer = sleeper({ env: markOf(folder) });
    const ended = new Promise((resolve) => writer.once('close', (_, signal) => resolve(signal)));
    expect(await putBack(folder, { path })).toMatchObject({ left: [] });
    expect(await ended).toBe('SIGKILL');
    expect([existsSync(folder), mounted()]).toEqual([false, []]);
  });

  it('is nothing of a folder that is mounted in its own, which it names', { timeout: LIMIT_MS }, async () => {
    const given = { parent: home, stateFolder: join(home, 'state'), path, hasLoad: false };
    const place = await openDemoPlace({ ...given, ended: new AbortController().signal });
    if (place instanceof StateFolderProblem) throw new Error(place.message);
    mkdirSync(join(place.folder, 'mnt'), { recursive: true, mode: 0o700 });
    bind(join(place.folder, 'mnt'));
    expect(await place.leave()).toContain(`umount ${join(place.folder, 'mnt')}`);
    expect(existsSync(join(precious, 'thing'))).toBe(true);
    undo.pop()?.();
    expect(await place.leave()).toBeUndefined();
    expect(existsSync(place.folder)).toBe(false);
  });

  it('is no mount that lies on top of its own', { timeout: LIMIT_MS }, async () => {
    const [lower, upper] = disk();
    bind(mountpointIn(folder));
    const { left } = await putBack(folder, { path });
    expect(left).toEqual([{ kind: 'wait-for-foreign', mountpoint: mountpointIn(folder) }]);
    expect(mounted()).toHaveLength(2);
    expect([backingOf(lower), backingOf(upper)]).toEqual([imageIn(folder), lower]);
  });

  it('is no loop device that has become somebody else’s meanwhile', { timeout: LIMIT_MS }, async () => {
    const [lower, upper] = disk();
    const theirs = join(home, 'theirs.img');
    writeFileSync(theirs, '');
    truncateSync(theirs, 1024 * 1024);
    const programs = join(home, 'bin');
    mkdirSync(programs);
    const meanwhile = [
      '#!/bin/sh',
      '/bin/umount "$@"',
      `losetup -d ${upper}`,
      `losetup -d ${lower}`,
      `until losetup ${lower} ${theirs}; do sleep 0.1; done`,
      '',
    ];
    writeFileSync(join(programs, 'umount'), meanwhile.join('\n'), { mode: 0o755 });
    undo.push(() => run('losetup', '-d', lower));
    expect(await putBack(folder, { path: `${programs}:${path}` })).toMatchObject({ left: [] });
    expect(backingOf(lower)).toBe(theirs);
  });

  it('is no process of another user, nor one that was put into its group', { timeout: LIMIT_MS }, async () => {
    const group = groupPath(folder, findBlockGroups(readFileSync('/proc/self/mountinfo', 'utf8'))?.root ?? '');
    mkdirSync(group);
    undo.push(() => rmdirSync(group));
    const [moved, another] = [sleeper({ env: {} }), sleeper({ uid: 65_534, env: markOf(folder) })];
    writeFileSync(join(group, 'cgroup.procs'), String(moved.pid));
    const { left } = await putBack(folder, { path });
    expect(left.map(({ kind }) => kind)).toEqual(['remove-group', 'remove-folder']);
    expect([moved.signalCode, another.signalCode]).toEqual([null, null]);
    const ended = new Promise((resolve) => moved.once('close', resolve));
    moved.kill('SIGKILL');
    await ended;
  });
});
