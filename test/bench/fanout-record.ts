/**
 * Records the answer that `fanout.ts` replays: `sudo node scripts/run-ts.js test/bench/fanout-record.ts`. A disk is saturated for real, the
 * bundle runs, and what tells of this machine rather than of its disk (other processes, folders, cgroups, boot) is taken out.
 */
import { writeFileSync } from 'node:fs';
import type { Frame } from '../../runner/bundle/frames.ts';
import { withLab } from '../lab/session.ts';
import { createSlowDisk, SLOW_DISK_NEEDS } from '../lab/slow-disk.ts';
import { watchDisk } from '../lab/watch-disk.ts';
import { bufferedWriter, crowd, fsyncVictim } from '../lab/workloads.ts';
import { howToGet, isPresent } from '../need-providers.ts';
import { runBundle } from '../real/bundle-host.ts';
import { publicKernel } from './public-kernel.ts';
import { editLines, HEAVY_FILE, LIGHT_FILE, NONCE_PLACEHOLDER, SLOW_DEVICE, wireOf } from './replay-host.ts';

const MIB = 1024 * 1024;
const PF_KTHREAD = 0x00200000;
const OUT = new URL('../fixtures/answers/saturated-host.txt', import.meta.url);

/** What is known of the machine that was recorded, and of what ran on it for the recording. */
interface Recorded {
  readonly frames: readonly Frame[];
  readonly mountpoint: string;
  readonly device: string;
  readonly outer: string;
  /** This process: the parent of all that was started. */
  readonly starter: number;
}

/** Only what the laboratory started, and kernel threads that do not work for other disks. */
function publicProcesses(recorded: Recorded, frame: Frame): Frame {
  const ours = startedHere(recorded);
  return editLines(frame, (row) => {
    const fields = row.split(' ');
    if (fields[0] === '+') return ours.has(fields[2] ?? '') ? row : undefined;
    const isKernelThread = (Number(fields[6]) & PF_KTHREAD) !== 0;
    const isOurs = ours.has(fields[0] ?? '') || ours.has(fields[1] ?? '');
    return isOurs || (isKernelThread && !namesOtherDisk(recorded, row)) ? row : undefined;
  });
}

/** This process and all that a suspect's line of parents leads through before it comes here. */
function startedHere({ frames, starter }: Recorded): Set<string> {
  const ours = new Set([String(starter)]);
  for (const { kind, label, payload } of frames) {
    if (kind !== 'suspect') continue;
    const parents = [...payload.toString('latin1').matchAll(/^parent (\d+) /gm)].map(([, pid = '']) => pid);
    const here = parents.indexOf(String(starter));
    if (here >= 0) for (const pid of [label.split(' ', 1)[0] ?? '', ...parents.slice(0, here)]) ours.add(pid);
  }
  return ours;
}

function publicSuspect(recorded: Recorded, frame: Frame): Frame {
  let isBeyond = false;
  return editLines(frame, (line) => {
    if (line.startsWith('cgroup ')) return line.replace(/:\/.*/, ':/');
    if (!line.startsWith('parent ')) return line;
    if (isBeyond) return undefined;
    isBeyond = line.startsWith(`parent ${recorded.starter} `);
    return isBeyond ? 'parent 1 systemd' : line;
  });
}

/** Disks beside the root disk and the two loops of the laboratory are nobody's business. */
function namesOtherDisk({ device, outer }: Recorded, line: string): boolean {
  return [...line.matchAll(/\bloop\d+\b/g)].some(([loop]) => loop !== device && loop !== outer);
}

function publicFrame(recorded: Recorded, frame: Frame): Frame {
  const { kind, label } = frame;
  switch (kind === 'file' ? label.slice(2) : kind) {
    case '/proc/diskstats':
    case 'block':
    case 'ticks':
      return editLines(frame, (line) => (namesOtherDisk(recorded, line) ? undefined : line));
    case 'mounts':
      return editLines(frame, (line) =>
        line.includes(' /run/netns ') ? undefined : line.replace(/( - ext4 \S+ rw).*/, '$1'),
      );
    case 'procs':
      return publicProcesses(recorded, frame);
    case 'suspect':
      return publicSuspect(recorded, frame);
    case 'program':
      return editLines(frame, (line) => line.replace(/.*\//, '/opt/programs/'));
    default:
      return publicKernel(frame) ?? frame;
  }
}

/** Folders last, in what is left of all frames; the loops get the numbers that the replay knows them by. */
function withPublicNames({ mountpoint, device, outer }: Recorded, frame: Frame): Frame {
  // The longest first: one path is the beginning of the others.
  const folders = [
    [`${mountpoint}-outer`, '/srv/outer'],
    [`${mountpoint}-below`, '/srv/below'],
    [mountpoint, '/srv/data'],
  ] as const;
  return editLines(frame, (line) =>
    folders
      .reduce((text, [from, to]) => text.replaceAll(from, to), line)
      .replace(/\bloop\d+\b/g, (loop) => (loop === device ? SLOW_DEVICE : loop === outer ? 'loop0' : loop)),
  );
}

const missing = SLOW_DISK_NEEDS.filter((need) => !isPresent(need));
if (missing.length > 0) {
  process.stderr.write(`fanout-record needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}\n`);
  process.exit(2);
}

await withLab(async (lab) => {
  const disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
  const fileName = (path: string) => `${disk.mountpoint}/${path.slice(path.lastIndexOf('/') + 1)}`;
  await crowd(lab, disk.mountpoint, { sleepers: 120, writers: 24 });
  await bufferedWriter(lab, fileName(LIGHT_FILE), { bytesPerSecond: 3 * MIB });
  await bufferedWriter(lab, fileName(HEAVY_FILE));
  await fsyncVictim(lab, `${disk.mountpoint}/state.db`);
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const watch = watchDisk(disk.device);
  const run = await runBundle({ command: ['/bin/sh', '-s', 'root'], windowSeconds: 5, deadlineSeconds: 15 });
  const premise = watch.stop();
  const ending = run.reader.end;
  if (ending?.complete !== true || premise.minBusyPercent < 90) {
    throw new Error(`not recorded: ${ending?.reason ?? 'no END'}, ${premise.minBusyPercent} % busy at least`);
  }
  const recorded = { ...disk, starter: process.pid, frames: run.reader.frames };
  const frames = recorded.frames.map((frame) => withPublicNames(recorded, publicFrame(recorded, frame)));
  const answer = wireOf(frames, NONCE_PLACEHOLDER);
  writeFileSync(OUT, answer);
  process.stdout.write(
    `${answer.length} bytes, ${premise.meanBusyPercent.toFixed(0)} % busy. Read it before it is committed.\n`,
  );
});
