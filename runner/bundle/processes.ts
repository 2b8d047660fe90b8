/** The `procs` frame: the processes whose io changed, that were blocked, or that came and went. The format is the bundle's own. */
import type { Draft } from '../proc/draft.ts';
import type { ActivityRest, IoDelta, ProcessActivity } from '../triage/samples.ts';

/** include/linux/sched.h */
const PF_KTHREAD = 0x00200000;
const MAX_PROCESSES = 400;

const SEEN = { p: 'pair', n: 'new', g: 'gone', x: 'unreadable' } as const;

export interface ParsedProcesses {
  readonly processes: ProcessActivity[];
  readonly rest: ActivityRest[];
  readonly malformed: number;
}

export function parseProcesses(text: string): ParsedProcesses {
  const processes: ProcessActivity[] = [];
  const rest: ActivityRest[] = [];
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('+ ')) {
      const summed = parseRest(line);
      if (summed && rest.length < MAX_PROCESSES) rest.push(summed);
      else malformed++;
    } else {
      const process = parseProcess(line);
      if (process && processes.length < MAX_PROCESSES) processes.push(process);
      else malformed++;
    }
  }
  return { processes, rest, malformed };
}

/** PID PPID START HOW STATE DSAMPLES FLAGS THREADS RCHAR WCHAR SYSCR SYSCW READ WRITE CANCELLED COMM */
const PROCESS =
  /^(\d{1,10}) (\d{1,10}|-) (\d{1,18}|-) ([pngx]) (\S) (\d{1,6}) (\d{1,12}|-) (?:\d{1,9}|-) ((?:(?:-?\d{1,16}|-) ){7})(.*)$/s;

function parseProcess(line: string): ProcessActivity | undefined {
  const found = PROCESS.exec(line);
  if (!found) return undefined;
  const pid = Number(found[1]);
  const parentPid = found[2];
  const start = found[3];
  const state = found[5] as string;
  const flags = found[7];
  if (pid < 1) return undefined;
  const io = parseIo(found[8] as string);
  if (io === 'malformed') return undefined;
  const process: Draft<ProcessActivity> = {
    pid,
    seen: SEEN[found[4] as keyof typeof SEEN],
    blockedSamples: Number(found[6]),
    isKernelThread: flags !== '-' && (Number(flags) & PF_KTHREAD) !== 0,
    command: unescapeCommand(found[9] as string),
  };
  if (parentPid !== '-' && Number(parentPid) > 0) process.parentPid = Number(parentPid);
  if (start !== '-') process.startTicks = Number(start);
  if (state !== '-') process.state = state;
  if (io !== undefined) process.io = io;
  return process;
}

const NO_COUNTERS = '- '.repeat(7);

/** Seven counters, a space after each. One that went backwards has no rate: the whole row is without io then. */
function parseIo(counters: string): IoDelta | undefined | 'malformed' {
  if (counters === NO_COUNTERS) return undefined;
  if (counters.includes('- ')) return 'malformed';
  const fields = counters.split(' ');
  const io: IoDelta = {
    readChars: Number(fields[0]),
    writtenChars: Number(fields[1]),
    readCalls: Number(fields[2]),
    writeCalls: Number(fields[3]),
    readBytes: Number(fields[4]),
    writtenBytes: Number(fields[5]),
    cancelledBytes: Number(fields[6]),
  };
  return Object.values(io).every(isIncrease) ? io : undefined;
}

const isIncrease = (value: number): boolean => value >= 0 && Number.isSafeInteger(value);

/** + COUNT PPID READ WRITE CANCELLED SYSCR SYSCW COMM */
const REST = /^\+ (\d{1,9}) (\d{1,10}|-) (\d{1,16}) (\d{1,16}) (\d{1,16}) \d{1,16} \d{1,16} (.*)$/s;

function parseRest(line: string): ActivityRest | undefined {
  const found = REST.exec(line);
  if (!found) return undefined;
  const parentPid = found[2];
  return {
    count: Number(found[1]),
    ...(parentPid !== '-' && Number(parentPid) > 0 && { parentPid: Number(parentPid) }),
    command: unescapeCommand(found[6] as string),
    readBytes: Number(found[3]),
    writtenBytes: Number(found[4]),
    cancelledBytes: Number(found[5]),
  };
}

/** The bundle writes a backslash as `\\` and a newline as `\n`; a kernel worker's name is at most 64 bytes (TASK_COMM_LEN is 16). */
export function unescapeCommand(text: string): string {
  if (!text.includes('\\')) return text.slice(0, 64);
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)).slice(0, 64);
}
