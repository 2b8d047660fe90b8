/** A `suspect` frame: what was seen of one process in many short looks. The format is the bundle's own; each line is `KEY REST`. */
import { parseCgroup } from '../proc/cgroup.ts';
import { parseOpenFlags } from '../proc/fdinfo.ts';
import { parseSyscall } from '../proc/syscall.ts';
import type { Counted, OpenFile, Suspect } from '../triage/samples.ts';
import { unescapeLink } from './link.ts';
import { unescapeCommand } from './processes.ts';

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

/** `pid` and `startTicks` come from the frame's label. Lines that do not fit are counted. */
export function parseSuspect(
  text: string,
  pid: number,
  startTicks: number,
  machine: string,
): { suspect: Suspect; malformed: number } {
  const files = new Map<number, FileDraft>();
  const status = new Map<string, string>();
  const cgroups: string[] = [];
  const parents: { pid: number; command: string }[] = [];
  const calls: Suspect['calls'][number][] = [];
  const waits: Counted<string>[] = [];
  const stacks: Counted<readonly string[]>[] = [];
  let samples = 0;
  let blockedThreads = 0;
  let malformed = 0;
  let escaped = false;

  for (const line of text.split('\n')) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    const key = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? '' : line.slice(space + 1);
    const fields = rest.split(' ');
    const first = wholeNumber(fields[0]);
    const counted = first !== undefined && first >= 1 && wholeNumber(fields[1]) !== undefined;
    if (key === 'samples' && first !== undefined) samples = first;
    else if (key === 'status') {
      const field = /^([A-Za-z]{1,30}):\s+(.*)$/.exec(rest);
      if (field) status.set(field[1] as string, field[2] as string);
      else malformed++;
    } else if (key === 'cgroup' && cgroups.length < MAX_KINDS) cgroups.push(rest.slice(0, 1024));
    else if (key === 'parent' && parents.length < 4 && first !== undefined && first >= 1) {
      parents.push({ pid: first, command: unescapeCommand(fields.slice(1).join(' ')) });
    } else if (key === 'thread' && wholeNumber(fields[3]) !== undefined) {
      if (Number(fields[3]) > 0) blockedThreads++;
    } else if (key === 'call' && counted && calls.length < MAX_KINDS) {
      // "running" and a wait outside of a call are no calls, and not malformed either.
      const call = parseSyscall(fields.slice(2).join(' '), machine);
      if (call) calls.push({ count: first, value: call });
    } else if (key === 'wchan' && counted && fields[2] && waits.length < MAX_KINDS) {
      waits.push({ count: first, value: fields[2].slice(0, 64) });
    } else if (key === 'stack' && counted && stacks.length < MAX_KINDS) {
      stacks.push({ count: first, value: fields.slice(2, 26).map((name) => name.slice(0, 64)) });
    } else if (key === 'fdescape') escaped = rest === 'b';
    else if (key === 'fd' && files.size < MAX_FILES && first !== undefined) {
      files.set(first, fileAt(fields.slice(1).join(' '), escaped));
    } else if (key === 'fdinfo') readFdinfo(files, fields);
    else if (key !== 'why' && key !== 'fds') malformed++;
  }

  const uid = /^(\d{1,10})\b/.exec(status.get('Uid') ?? '')?.[1];
  const kilobytes = (field: string): number | undefined => {
    const text = /^(\d{1,13}) kB$/.exec(status.get(field) ?? '')?.[1];
    return text === undefined ? undefined : Number(text) * 1024;
  };
  const residentBytes = kilobytes('VmRSS');
  const swapBytes = kilobytes('VmSwap');
  const cgroup = parseCgroup(cgroups);
  return {
    malformed,
    suspect: {
      pid,
      startTicks,
      samples,
      ...(uid !== undefined && { uid: Number(uid) }),
      ...(residentBytes !== undefined && { residentBytes }),
      ...(swapBytes !== undefined && { swapBytes }),
      ...(cgroup && { cgroup }),
      parents,
      blockedThreads,
      calls,
      waits,
      stacks,
      files: [...files].map(([fd, draft]) => openFile(fd, draft, machine)),
    },
  };
}

/** Decimal digits only: `-1`, `1e3`, `Infinity` and `0x10` are numbers to JavaScript, not to the bundle. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;

function fileAt(target: string, escaped: boolean): FileDraft {
  const text = (escaped ? unescapeLink(target) : target).slice(0, 4096);
  const deleted = text.endsWith(' (deleted)');
  return { path: deleted ? text.slice(0, -' (deleted)'.length) : text, deleted };
}

/** a|b N POS FLAGS MNT_ID INO, `-` for what the kernel does not print. */
function readFdinfo(files: Map<number, FileDraft>, [phase, fdText, position, flags, mountId, inode]: string[]): void {
  const draft = files.get(Number(fdText));
  if (!draft) return;
  if (position !== undefined && /^\d{1,15}$/.test(position))
    draft[phase === 'a' ? 'positionStart' : 'positionEnd'] = Number(position);
  if (flags !== undefined && flags !== '-') draft.flags = flags;
  if (mountId !== undefined && /^\d{1,10}$/.test(mountId)) draft.mountId = Number(mountId);
  if (inode === undefined || inode === '-') return;
  if (draft.inode !== undefined && draft.inode !== inode) draft.reopened = true;
  draft.inode = inode;
}

function openFile(fd: number, draft: FileDraft, machine: string): OpenFile {
  const mode = draft.flags === undefined ? undefined : parseOpenFlags(draft.flags, machine);
  const movedBytes =
    draft.reopened || draft.positionStart === undefined || draft.positionEnd === undefined
      ? undefined
      : draft.positionEnd - draft.positionStart;
  return {
    fd,
    path: draft.path,
    deleted: draft.deleted,
    ...(mode && { mode }),
    ...(draft.mountId !== undefined && { mountId: draft.mountId }),
    ...(movedBytes !== undefined && movedBytes >= 0 && { movedBytes }),
  };
}
