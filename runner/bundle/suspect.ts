/** A `suspect` frame: what was seen of one process in many short looks. The format is the bundle's own; each line is `KEY REST`. */
import { parseCgroup } from '../proc/cgroup.ts';
import type { Draft } from '../proc/draft.ts';
import { parseOpenFlags } from '../proc/fdinfo.ts';
import { parseSyscall } from '../proc/syscall.ts';
import type { Counted, OpenFile, ProcessLook, Spent, Suspect } from '../triage/samples.ts';
import { parseCourse } from './course.ts';
import { unescapeLink } from './link.ts';
import { unescapeCommand } from './processes.ts';
import { parseRanMs, parseSpent } from './spent.ts';

const MAX_FILES = 400;
/** Distinct calls, waits and stacks: the bundle sends at most 12 of each. */
const MAX_KINDS = 32;

interface FileDraft {
  path: string;
  deleted: boolean;
  flags?: string;
  mountId?: number;
  positionStart?: number;
  positionEnd?: number;
  inode?: string;
  /** The descriptor stood for another file at the second look: its position tells nothing. */
  reopened?: boolean;
}

/** `pid` and `startTicks` come from the frame's label; what other frames say of it is added by the caller. Lines that do not fit are counted. */
export function parseSuspect(
  text: string,
  pid: number,
  startTicks: number,
  machine: string,
): { suspect: Draft<Suspect>; malformed: number } {
  const seen: Seen = {
    samples: 0,
    blockedThreads: 0,
    cgroups: [],
    parents: [],
    calls: [],
    waits: [],
    stacks: [],
    files: new Map(),
    areNamesEscaped: false,
  };
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line !== '' && !readLine(seen, line, machine)) malformed++;
  }

  const files: OpenFile[] = [];
  for (const [fd, draft] of seen.files) files.push(openFile(fd, draft, machine));
  const suspect: Draft<Suspect> = {
    pid,
    startTicks,
    samples: seen.samples,
    parents: seen.parents,
    blockedThreads: seen.blockedThreads,
    calls: seen.calls,
    waits: seen.waits,
    stacks: seen.stacks,
    files,
  };
  const cgroup = parseCgroup(seen.cgroups);
  if (seen.uid !== undefined) suspect.uid = seen.uid;
  if (seen.residentBytes !== undefined) suspect.residentBytes = seen.residentBytes;
  if (seen.swapBytes !== undefined) suspect.swapBytes = seen.swapBytes;
  if (cgroup) suspect.cgroup = cgroup;
  if (seen.spent) suspect.spent = seen.spent;
  if (seen.ranMs !== undefined) suspect.ranMs = seen.ranMs;
  if (seen.course) suspect.course = seen.course;
  if (seen.workingDirectory?.startsWith('/')) {
    suspect.workingDirectory = fileAt(seen.workingDirectory, seen.areNamesEscaped).path;
  }
  return { malformed, suspect };
}

/** What the lines have said so far. */
interface Seen {
  samples: number;
  blockedThreads: number;
  uid?: number | undefined;
  residentBytes?: number | undefined;
  swapBytes?: number | undefined;
  readonly cgroups: string[];
  readonly parents: { pid: number; command: string }[];
  readonly calls: Suspect['calls'][number][];
  readonly waits: Counted<string>[];
  readonly stacks: Counted<readonly string[]>[];
  readonly files: Map<number, FileDraft>;
  areNamesEscaped: boolean;
  spent?: Spent;
  ranMs?: number;
  course?: ProcessLook[];
  workingDirectory?: string;
}

const STATUS = /^([A-Za-z]{1,30}):\s+(.*)$/;
/** Decimal digits only: `-1`, `1e3`, `Infinity` and `0x10` are numbers to JavaScript, not to the bundle. */
const NUMBERED = /^(\d{1,10})(?: (.*))?$/s;
/** TID STATE… BLOCKED COMM: looks by state, of which only those in uninterruptible sleep are asked for. */
const THREAD = /^[^ ]* [^ ]* [^ ]* (\d{1,10})(?: |$)/;
/** COUNT TID WHAT */
const COUNTED = /^(\d{1,10}) \d{1,10}(?: (.*))?$/s;

/** false where the line does not fit its key, or is one too many. */
function readLine(seen: Seen, line: string, machine: string): boolean {
  const space = line.indexOf(' ');
  const key = space < 0 ? line : line.slice(0, space);
  const rest = space < 0 ? '' : line.slice(space + 1);
  switch (key) {
    case 'status':
      return readStatus(seen, rest);
    case 'cgroup':
      return seen.cgroups.length < MAX_KINDS && seen.cgroups.push(rest.slice(0, 1024)) > 0;
    case 'thread': {
      const blocked = THREAD.exec(rest)?.[1];
      if (blocked !== undefined && Number(blocked) > 0) seen.blockedThreads++;
      return blocked !== undefined;
    }
    case 'call':
    case 'wchan':
    case 'stack':
      return readCounted(seen, key, rest, machine);
    case 'samples':
    case 'parent':
    case 'fd':
      return readNumbered(seen, key, rest);
    case 'fdescape':
      seen.areNamesEscaped = rest === 'b';
      return true;
    case 'cwd':
      seen.workingDirectory = rest;
      return true;
    case 'spent': {
      const spent = parseSpent(rest);
      if (spent !== 'malformed' && spent !== undefined) seen.spent = spent;
      return spent !== 'malformed';
    }
    case 'ran': {
      const ranMs = parseRanMs(rest);
      if (ranMs !== 'malformed' && ranMs !== undefined) seen.ranMs = ranMs;
      return ranMs !== 'malformed';
    }
    case 'course': {
      const course = parseCourse(rest, machine);
      if (course !== 'malformed') seen.course = course;
      return course !== 'malformed';
    }
    case 'fdinfo':
      readFdinfo(seen.files, rest);
      return true;
    case 'why':
    case 'fds':
      return true;
    default:
      return false;
  }
}

/** A line of /proc/PID/status (proc(5)). */
function readStatus(seen: Seen, line: string): boolean {
  const found = STATUS.exec(line);
  if (!found) return false;
  const value = found[2] as string;
  switch (found[1]) {
    case 'Uid': {
      const real = /^(\d{1,10})\b/.exec(value);
      seen.uid = real ? Number(real[1]) : undefined;
      return true;
    }
    case 'VmRSS':
      seen.residentBytes = bytesOf(value);
      return true;
    case 'VmSwap':
      seen.swapBytes = bytesOf(value);
      return true;
    default:
      return true;
  }
}

function readNumbered(seen: Seen, key: 'samples' | 'parent' | 'fd', text: string): boolean {
  const found = NUMBERED.exec(text);
  if (!found) return false;
  const number = Number(found[1]);
  const rest = found[2] ?? '';
  switch (key) {
    case 'samples':
      seen.samples = number;
      return true;
    case 'parent':
      if (number < 1 || seen.parents.length >= 4) return false;
      seen.parents.push({ pid: number, command: unescapeCommand(rest) });
      return true;
    case 'fd':
      if (seen.files.size >= MAX_FILES) return false;
      seen.files.set(number, fileAt(rest, seen.areNamesEscaped));
      return true;
    default:
      return key satisfies never;
  }
}

function readCounted(seen: Seen, key: 'call' | 'wchan' | 'stack', text: string, machine: string): boolean {
  const found = COUNTED.exec(text);
  const count = Number(found?.[1] ?? 0);
  const what = found?.[2];
  if (count < 1) return false;
  switch (key) {
    case 'call': {
      if (seen.calls.length >= MAX_KINDS) return false;
      // "running" and a wait outside of a call are no calls, and not malformed either.
      const call = parseSyscall(what ?? '', machine);
      if (call) seen.calls.push({ count, value: call });
      return true;
    }
    case 'wchan': {
      const name = what?.split(' ', 1)[0];
      if (!name || seen.waits.length >= MAX_KINDS) return false;
      seen.waits.push({ count, value: name.slice(0, 64) });
      return true;
    }
    case 'stack':
      if (seen.stacks.length >= MAX_KINDS) return false;
      seen.stacks.push({
        count,
        value: what === undefined ? [] : what.split(' ', 24).map((name) => name.slice(0, 64)),
      });
      return true;
    default:
      return key satisfies never;
  }
}

/** `N kB`, as /proc/PID/status prints sizes. */
function bytesOf(size: string): number | undefined {
  const kilobytes = /^(\d{1,13}) kB$/.exec(size);
  return kilobytes ? Number(kilobytes[1]) * 1024 : undefined;
}

function fileAt(target: string, escaped: boolean): FileDraft {
  const text = (escaped ? unescapeLink(target) : target).slice(0, 4096);
  const deleted = text.endsWith(' (deleted)');
  return { path: deleted ? text.slice(0, -' (deleted)'.length) : text, deleted };
}

/** a|b N POS FLAGS MNT_ID INO, `-` for what the kernel does not print. */
function readFdinfo(files: ReadonlyMap<number, FileDraft>, rest: string): void {
  const fields = rest.split(' ');
  const draft = files.get(Number(fields[1]));
  if (!draft) return;
  const position = fields[2] ?? '-';
  const flags = fields[3] ?? '-';
  const mountId = fields[4] ?? '-';
  const inode = fields[5] ?? '-';
  if (/^\d{1,15}$/.test(position)) {
    if (fields[0] === 'a') draft.positionStart = Number(position);
    else draft.positionEnd = Number(position);
  }
  if (flags !== '-') draft.flags = flags;
  if (/^\d{1,10}$/.test(mountId)) draft.mountId = Number(mountId);
  if (inode === '-') return;
  if (draft.inode !== undefined && draft.inode !== inode) draft.reopened = true;
  draft.inode = inode;
}

function openFile(fd: number, draft: FileDraft, machine: string): OpenFile {
  const file: Draft<OpenFile> = { fd, path: draft.path, deleted: draft.deleted };
  const mode = draft.flags === undefined ? undefined : parseOpenFlags(draft.flags, machine);
  if (mode) file.mode = mode;
  if (draft.mountId !== undefined) file.mountId = draft.mountId;
  if (!draft.reopened && draft.positionStart !== undefined && draft.positionEnd !== undefined) {
    const movedBytes = draft.positionEnd - draft.positionStart;
    if (movedBytes >= 0) file.movedBytes = movedBytes;
  }
  return file;
}
