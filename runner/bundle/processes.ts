/** The `procs` frame: the processes whose io changed, that were blocked, or that came and went. The format is the bundle's own. */
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
    const summed = line.startsWith('+ ') ? parseRest(line) : undefined;
    const process = line.startsWith('+ ') ? undefined : parseProcess(line);
    if (summed && rest.length < MAX_PROCESSES) rest.push(summed);
    else if (process && processes.length < MAX_PROCESSES) processes.push(process);
    else malformed++;
  }
  return { processes, rest, malformed };
}

/** PID PPID START HOW STATE DSAMPLES FLAGS THREADS RCHAR WCHAR SYSCR SYSCW READ WRITE CANCELLED COMM */
const PROCESS =
  /^(\d{1,10}) (\d{1,10}|-) (\d{1,18}|-) ([pngx]) (\S) (\d{1,6}) (\d{1,12}|-) (\d{1,9}|-)((?: (?:-?\d{1,16}|-)){7}) (.*)$/s;

function parseProcess(line: string): ProcessActivity | undefined {
  const [, pid, parentPid, start, how, state, blocked, flags, , counters, comm] = PROCESS.exec(line) ?? [];
  if (pid === undefined || how === undefined || counters === undefined || comm === undefined || Number(pid) < 1)
    return undefined;
  const io = parseIo(counters.trim().split(' '));
  if (io === 'malformed') return undefined;
  return {
    pid: Number(pid),
    ...(parentPid !== '-' && Number(parentPid) > 0 && { parentPid: Number(parentPid) }),
    ...(start !== '-' && { startTicks: Number(start) }),
    seen: SEEN[how as keyof typeof SEEN],
    ...(state !== '-' && state !== undefined && { state }),
    blockedSamples: Number(blocked),
    isKernelThread: flags !== '-' && (Number(flags) & PF_KTHREAD) !== 0,
    command: unescapeCommand(comm),
    ...(io !== undefined && { io }),
  };
}

/** A counter that went backwards has no rate: the whole row is without io then. */
function parseIo(fields: readonly string[]): IoDelta | undefined | 'malformed' {
  if (fields.every((field) => field === '-')) return undefined;
  const values = fields.map(Number);
  if (values.some(Number.isNaN)) return 'malformed';
  if (values.some((value) => value < 0 || !Number.isSafeInteger(value))) return undefined;
  const [readChars, writtenChars, readCalls, writeCalls, readBytes, writtenBytes, cancelledBytes] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { readChars, writtenChars, readCalls, writeCalls, readBytes, writtenBytes, cancelledBytes };
}

/** + COUNT PPID READ WRITE CANCELLED SYSCR SYSCW COMM */
const REST = /^\+ (\d{1,9}) (\d{1,10}|-) (\d{1,16}) (\d{1,16}) (\d{1,16}) \d{1,16} \d{1,16} (.*)$/s;

function parseRest(line: string): ActivityRest | undefined {
  const [, count, parentPid, read, written, cancelled, comm] = REST.exec(line) ?? [];
  if (comm === undefined) return undefined;
  return {
    count: Number(count),
    ...(parentPid !== '-' && Number(parentPid) > 0 && { parentPid: Number(parentPid) }),
    command: unescapeCommand(comm),
    readBytes: Number(read),
    writtenBytes: Number(written),
    cancelledBytes: Number(cancelled),
  };
}

/** The bundle writes a backslash as `\\` and a newline as `\n`; a kernel worker's name is at most 64 bytes (TASK_COMM_LEN is 16). */
export function unescapeCommand(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)).slice(0, 64);
}
