/**
 * The load of `whodisk demo --load`: a disk of the demo's own that is really saturated, by a writer of the demo's own.
 *
 * This is the one part of whodisk that writes to a machine. It writes to the machine of whoever asked for it, as root, into folders of its
 * own, and no sweep leads here. What it makes: a sparse image in the demo's folder, a loop device on it (the lower one), a second loop device on
 * that one (the disk), an ext4 that was made in the image, mounted in the demo's folder, a control group, and a process in it.
 *
 * Two loop devices, since requests that a limit holds back wait before they are counted: the limit is one on what the writer's group
 * writes to the lower device, so that they wait in the upper one, and that is what a slow disk looks like in /proc/diskstats. The disk below
 * the image gets 4 MB/s; nothing else of the machine is limited.
 *
 * All of it is called after the demo's folder, which has been noted down before (demo-notes.ts): putBack finds it by that name.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findBlockGroups, limitFile, limitText } from './block-groups.ts';
import { busyMsOf } from './busy-ms.ts';
import { IMAGE_BYTES } from './load-needs.ts';
import { deviceNumber, groupPath, imageIn, markOf, mountpointIn, remainsOf } from './remains.ts';
import { runProgram } from './run-program.ts';

export interface Load {
  /** "loop1": the disk that is saturated. */
  readonly disk: string;
  /** What is written to it. */
  readonly file: string;
  /** By what. */
  readonly pid: number;
  /** Resolves with how it ended, when it has. */
  readonly broken: Promise<string>;
}

const FILE_BYTES = 64 * 1024 * 1024;
const BYTES_PER_SECOND = 4 * 1024 * 1024;
const STEP_MS = 20_000;
/** Of the time, that in which the disk has something to do. */
const SATURATED_SHARE = 0.95;
const SECOND_MS = 1000;
const UNTIL_SATURATED_MS = 20_000;
const WRITER = new URL('./demo-writer.js', import.meta.url);

/**
 * Settles once the disk has been saturated for a second, or with what went wrong. Never rejects. What is there then is for putBack to take
 * away, and not before: a step that ends late would be left behind.
 *
 * @param given.folder of the demo, which is there; root's
 * @param given.path where programs are looked for, as PATH has it
 * @param given.ended what is not made yet is not made any more
 */
export function startLoad(given: {
  readonly folder: string;
  readonly path: string;
  readonly ended: AbortSignal;
}): Promise<Load | Error> {
  return make(given.folder, given.path, given.ended).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
}

async function make(folder: string, path: string, ended: AbortSignal): Promise<Load> {
  const run = (program: string, ...args: string[]): Promise<string> => {
    ended.throwIfAborted();
    return runProgram(program, args, { path, limitMs: STEP_MS, env: markOf(folder), signal: ended });
  };
  const image = makeImage(folder);
  // In the file, since a device might be somebody else's by then. No journal: nothing of it is to outlive the demo.
  const features = ['-O', '^has_journal', '-m', '0', '-E', 'nodiscard,lazy_itable_init=0'];
  await run('mkfs.ext4', '-q', ...features, image);
  const lower = await attach(run, image);
  const disk = await run('losetup', '--direct-io=on', '-f', '--show', `/dev/${lower}`).then(loopName);
  const mountpoint = mountpointIn(folder);
  mkdirSync(mountpoint, { mode: 0o700 });
  await run('mount', '-t', 'ext4', '-o', 'noatime,nodev,noexec,nosuid,barrier=0', `/dev/${disk}`, mountpoint);
  if (remainsOf(folder).foreign !== undefined) throw new Error(`/dev/${disk} is not the demo's any more`);
  // Both are in use, so that this only says that they go with the mount, whoever takes that away: also the end of a mount namespace.
  for (const device of [disk, lower]) await run('losetup', '-d', `/dev/${device}`);
  const groups = findBlockGroups(readFileSync('/proc/self/mountinfo', 'utf8'));
  if (groups === undefined) throw new Error('the control groups are gone');
  const group = groupPath(folder, groups.root);
  mkdirSync(group);
  ended.throwIfAborted();
  const file = join(mountpoint, 'rewritten.dat');
  const args = [file, String(FILE_BYTES), join(group, 'cgroup.procs'), String(process.pid)];
  const writer = startWriter(args, markOf(folder));
  const broken = endOf(writer);
  await Promise.race([
    firstWords(writer.stdout),
    broken.then((how) => Promise.reject(new Error(`the writer does not write: ${how}`))),
    sleep(STEP_MS, undefined, { ref: false, signal: ended }).then(() =>
      Promise.reject(new Error('the disk is not filled in time')),
    ),
  ]);
  const limit = limitText(groups.version, deviceNumber(lower), BYTES_PER_SECOND);
  writeFileSync(join(group, limitFile(groups.version)), limit);
  await untilSaturated(disk, ended);
  return { disk, file, pid: writer.pid ?? 0, broken };
}

function makeImage(folder: string): string {
  const image = imageIn(folder);
  const fd = openSync(image, 'wx', 0o600);
  ftruncateSync(fd, IMAGE_BYTES);
  closeSync(fd);
  return image;
}

/** Past the page cache where the file system can: what is written there would count as waiting for a disk. */
async function attach(run: (program: string, ...args: string[]) => Promise<string>, image: string): Promise<string> {
  const shown = await run('losetup', '-f', '--show', image).then(loopName);
  await run('losetup', '--direct-io=on', `/dev/${shown}`).catch(() => {});
  return shown;
}

function loopName(shown: string): string {
  const name = basename(shown);
  if (!/^loop\d+$/u.test(name)) throw new Error(`losetup names no loop device: ${shown}`);
  return name;
}

type Writer = ChildProcessByStdio<null, Readable, Readable>;

/** A session of its own, so that a Ctrl-C does not end it before the sweep that shows it. */
function startWriter(args: readonly string[], env: Readonly<Record<string, string>>): Writer {
  return spawn(process.execPath, [fileURLToPath(WRITER), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
}

function endOf(writer: Writer): Promise<string> {
  let complaint = '';
  writer.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return new Promise((resolve) => {
    writer.on('error', (error) => resolve(error.message));
    writer.on('close', (status, signal) => {
      const error = complaint.split('\n').find((line) => line.includes('Error:'));
      resolve(error ?? `it ended with ${signal ?? status}`);
    });
  });
}

function firstWords(stdout: Readable): Promise<void> {
  return new Promise((resolve) => stdout.once('data', () => resolve()));
}

async function untilSaturated(disk: string, ended: AbortSignal): Promise<void> {
  const endMs = performance.now() + UNTIL_SATURATED_MS;
  while (performance.now() < endMs) {
    const [atMs, busyMs] = [performance.now(), busyMsOf(readFileSync('/proc/diskstats', 'latin1'), disk)];
    await sleep(SECOND_MS, undefined, { signal: ended });
    const share = (busyMsOf(readFileSync('/proc/diskstats', 'latin1'), disk) - busyMs) / (performance.now() - atMs);
    if (share >= SATURATED_SHARE) return;
  }
  throw new Error(`${disk} is not saturated by what is written to it`);
}
