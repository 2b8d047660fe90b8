/** Where a figure was read, for the sentences of evidence: the kernel's own files, or the tools whose output somebody pasted. */
import type { ProcessActivity } from './samples.ts';
import { inCount, inTimes } from './words.ts';

export interface Sources {
  readonly disk: string;
  readonly cpu: string;
  readonly memory: string;
  io(pid: number): string;
  calls(pid: number): string;
  files(pid: number): string;
  /** How often something was met in `looks` looks. */
  times(count: number, looks: number): string;
  /** How it is known that a process waits. */
  waits(process: ProcessActivity): string;
}

const KERNEL_FILES: Sources = {
  disk: '/proc/diskstats',
  cpu: '/proc/stat',
  memory: '/proc/meminfo',
  io: (pid) => `/proc/${pid}/io`,
  calls: (pid) => `/proc/${pid}/syscall`,
  files: (pid) => `/proc/${pid}/fd, fdinfo`,
  times: (count, looks) => `${inTimes(count)} in ${looks} looks`,
  waits: ({ blockedSamples }) => `seen blocked in ${blockedSamples} samples`,
};

/** `iodelay` and "D" are what pidstat and top say of a wait. */
const toolsWith = (ioSource: string): Sources => ({
  disk: 'iostat',
  cpu: 'top',
  memory: 'top',
  io: () => ioSource,
  calls: () => 'strace',
  files: () => 'lsof, or strace',
  times: inTimes,
  waits: ({ delayTicks = 0 }) =>
    delayTicks > 0 ? `iodelay ${inCount(delayTicks)} (pidstat)` : 'seen in state D (top)',
});

/** Of the samples, or of the finding, which does not tell pidstat from iotop and has no need to. */
export const sourcesOf = ({ source, ioSource = 'pidstat' }: Of): Sources =>
  source === 'captures' ? toolsWith(ioSource) : KERNEL_FILES;

interface Of {
  readonly source?: 'captures' | undefined;
  readonly ioSource?: string;
}
