/** A recorded answer without what tells of the machine it was recorded on: other processes, folders, control groups, boot. */
import type { Frame } from '../../../runner/bundle/frames.ts';
import { publicKernel } from '../../bench/public-kernel.ts';
import { editLines } from '../../bench/replay-host.ts';

export interface RecordedOn {
  /** The loop devices of the laboratory. */
  readonly loops: ReadonlySet<string>;
  /** Folders of this machine and what they are called in public, the longest first. */
  readonly folders: readonly (readonly [from: string, to: string])[];
  /** Every process that was started for the recording, and the one that started them. */
  readonly pids: ReadonlySet<number>;
  readonly starter: number;
  /** Control groups that were made for it begin so. */
  readonly groupPrefix: string;
}

const PF_KTHREAD = 0x00200000;

export function publicFrames(frames: readonly Frame[], on: RecordedOn): Frame[] {
  return frames.flatMap((frame) => publicFrame(frame, on) ?? []).map((frame) => withPublicFolders(frame, on));
}

function publicFrame(frame: Frame, on: RecordedOn): Frame | undefined {
  const { kind, label } = frame;
  switch (kind === 'file' ? label.slice(2) : kind) {
    case '/proc/diskstats':
    case 'block':
    case 'ticks':
      return editLines(frame, (line) => (namesOtherLoop(line, on) ? undefined : line));
    case 'mounts':
      return editLines(frame, (line) => (isOurMount(line, on) ? line.replace(/( - ext4 \S+ rw).*/, '$1') : undefined));
    case 'procs':
      return editLines(frame, (row) => (isPublicRow(row, on) ? row : undefined));
    case 'suspect':
      return isOurs(label, on) ? publicSuspect(frame, on) : undefined;
    case 'cgstat':
      return editLines(frame, (line) => (line.includes(on.groupPrefix) ? line : undefined));
    case 'program':
    case 'cmdline':
      return isOurs(label, on) ? editLines(frame, (line) => line.replace(/.*\//, '/opt/programs/')) : undefined;
    default:
      return publicKernel(frame) ?? frame;
  }
}

const isOurs = (label: string, { pids }: RecordedOn): boolean => pids.has(Number.parseInt(label, 10));

function namesOtherLoop(line: string, { loops }: RecordedOn): boolean {
  return [...line.matchAll(/\bloop\d+\b/g)].some(([loop]) => !loops.has(loop));
}

function isOurMount(line: string, { folders }: RecordedOn): boolean {
  const mountpoint = line.split(' ')[4] ?? '';
  return mountpoint === '/' || folders.some(([from]) => mountpoint.startsWith(from));
}

/** `PID PPID START HOW STATE DSAMPLES FLAGS …` or `+ COUNT PPID …`: only ours, and kernel threads that do not work for other disks. */
function isPublicRow(row: string, on: RecordedOn): boolean {
  const fields = row.split(' ');
  const ours = (pid: string | undefined): boolean => on.pids.has(Number(pid));
  if (fields[0] === '+') return ours(fields[2]);
  if (ours(fields[0]) || ours(fields[1])) return true;
  return (Number(fields[6]) & PF_KTHREAD) !== 0 && !namesOtherLoop(row, on);
}

function publicSuspect(frame: Frame, { starter, groupPrefix }: RecordedOn): Frame {
  let isBeyond = false;
  return editLines(frame, (line) => {
    if (line.startsWith('cgroup ')) {
      return line.includes(groupPrefix) ? line.replaceAll(groupPrefix, 'batch-') : line.replace(/:\/.*/, ':/');
    }
    if (!line.startsWith('parent ')) return line;
    if (isBeyond) return undefined;
    isBeyond = line.startsWith(`parent ${starter} `);
    return isBeyond ? 'parent 1 systemd' : line;
  });
}

function withPublicFolders(frame: Frame, { folders, groupPrefix }: RecordedOn): Frame {
  return editLines(frame, (line) =>
    folders.reduce((text, [from, to]) => text.replaceAll(from, to), line).replaceAll(groupPrefix, 'batch-'),
  );
}
