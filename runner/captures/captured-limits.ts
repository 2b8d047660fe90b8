/** What pasted captures do not show, and what therefore keeps a name from high confidence. */
import { inList, inTime } from '../triage/words.ts';
import type { Captured } from './captured.ts';
import type { CapturedDisks } from './captured-disks.ts';
import { secondsApart } from './clock.ts';
import type { Tool } from './tools.ts';

/** What is not known without a tool's output. */
const WITHOUT = {
  iostat: 'no iostat -x among the captures: no disk can be judged',
  pidstat: 'no pidstat -d among the captures: who reads and writes, and who waits, is not known',
  strace: 'no strace among the captures: in which call, how much at a time and through which descriptor is not known',
  lsof: 'no lsof among the captures: which files are open, and on which disk, is not known',
  top: 'no top among the captures: CPU time and memory are not known',
} as const satisfies Partial<Record<Tool, string>>;

const NEVER =
  'captures do not show cgroups, containers, mounts, the kind of a disk, and whether requests were in flight all the time';

export function limitsOf(captured: Captured, disks: CapturedDisks): string[] {
  const { tools, top, processes, processTool, limits } = captured;
  const missing = (Object.keys(WITHOUT) as (keyof typeof WITHOUT)[]).filter(
    (tool) => !tools.has(tool) && !(tool === 'pidstat' && tools.has('iotop')),
  );
  const rows = processes.flat();
  const unreadable = new Set(rows.filter(({ bytes }) => bytes === undefined).map(({ pid }) => pid)).size;
  const delays = rows.map(({ delayTicks }) => delayTicks).filter((ticks) => ticks !== undefined);
  const { guessed, unknown } = disks.layers;
  return [
    ...missing.map((tool) => WITHOUT[tool]),
    ...limits,
    ...(unreadable > 0
      ? [`${unreadable} processes unreadable: pidstat was not run as root; what they read and write is invisible`]
      : []),
    ...(rows.length > 0 && delays.every((ticks) => ticks === 0)
      ? [
          delays.length === 0
            ? `this ${processTool} has no iodelay: who waits for a disk is not known`
            : 'iodelay is 0 for everybody: it is off by default since Linux 5.14 (kernel.task_delayacct), so who waits for a disk is not known',
        ]
      : []),
    ...(top && top.cpus.length === 0 && top.averageIowaitPercent !== undefined
      ? [`top shows the average of all CPUs only (${top.averageIowaitPercent} % iowait): press 1 in it to see each`]
      : []),
    ...(guessed.length > 0
      ? [`which layer stands on which disk is told by their figures alone: ${inList(guessed)}`]
      : []),
    ...(unknown.length > 0
      ? [`on which disks ${inList(unknown)} ${unknown.length === 1 ? 'stands' : 'stand'}, no capture says`]
      : []),
    ...timesOf(captured),
    NEVER,
  ];
}

/** Captures of one incident are taken within minutes. */
const FAR_APART_SECONDS = 10 * 60;

function timesOf({ iostat, processClock, top, tools }: Captured): string[] {
  const clocks = [clockOfIostat(iostat), processClock, top?.clock].filter((clock) => clock !== undefined);
  const most = Math.max(0, ...clocks.flatMap((one) => clocks.map((other) => secondsApart(one, other))));
  if (most > FAR_APART_SECONDS)
    return [`the captures were taken ${inTime(most * 1000)} apart by their clocks: they may show different moments`];
  return tools.size > 1 && clocks.length < 2 ? ['nothing in the captures says that they are of one moment'] : [];
}

const clockOfIostat = (iostat: Captured['iostat']): number | undefined =>
  iostat.flatMap(({ reports }) => reports).findLast(({ clock }) => clock !== undefined)?.clock;

/** Second halves of "not sure: …". Whose load it is rests on iostat and pidstat being of one moment. */
export function doubtsOf({ iostat, processClock }: Captured, { layers }: CapturedDisks): string[] {
  const diskClock = clockOfIostat(iostat);
  const apart = diskClock === undefined || processClock === undefined ? 0 : secondsApart(diskClock, processClock);
  return [
    ...(apart > FAR_APART_SECONDS ? [`iostat and pidstat were run ${inTime(apart * 1000)} apart by their clocks`] : []),
    ...(layers.guessed.length > 0 ? [`that ${inList(layers.guessed)} stands is told by figures alone`] : []),
  ];
}
