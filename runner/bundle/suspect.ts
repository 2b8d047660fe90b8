/** A `suspect` frame: what was seen of one process in many short looks. The format is the bundle's own; each line is `KEY REST`. */
import { parseCgroup } from '../proc/cgroup.ts';
import { parseOpenFlags } from '../proc/fdinfo.ts';
import { parseSyscall } from '../proc/syscall.ts';
import type { Counted, OpenFile, Suspect } from '../triage/samples.ts';
import { unescapeLink } from './link.ts';
import { unescapeCommand } from './processes.ts';

const MAX_FILES = 400;

interface FileDraft {
  path: string;
  deleted: boolean;
  flags?: string;
  mountId?: number;
  positionStart?: number;
  positionEnd?: number;
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
    const count = Number(fields[0]);
    if (key === 'samples') samples = Number.isSafeInteger(count) ? count : 0;
    else if (key === 'status') {
      const field = /^([A-Za-z]{1,30}):\s+(.*)$/.exec(rest);
      if (field) status.set(field[1] as string, field[2] as string);
    } else if (key === 'cgroup') cgroups.push(rest.slice(0, 1024));
    else if (key === 'parent' && parents.length < 4 && count >= 1) {
      parents.push({ pid: count, command: unescapeCommand(fields.slice(1).join(' ')) });
    } else if (key === 'thread') {
      if (Number(fields[3]) > 0) blockedThreads++;
    } else if (key === 'call') {
      const call = parseSyscall(fields.slice(2).join(' '), machine);
      if (call && count >= 1) calls.push({ count, value: call });
    } else if (key === 'wchan' && fields[2] && count >= 1) waits.push({ count, value: fields[2].slice(0, 64) });
    else if (key === 'stack' && count >= 1)
      stacks.push({ count, value: fields.slice(2, 26).map((name) => name.slice(0, 64)) });
    else if (key === 'fdescape') escaped = rest === 'b';
    else if (key === 'fd' && files.size < MAX_FILES && Number.isSafeInteger(count)) {
      files.set(count, fileAt(fields.slice(1).join(' '), escaped));
    } else if (key === 'fdinfo') readFdinfo(files, fields);
    else if (!['why', 'fds', 'parent', 'fd'].includes(key)) malformed++;
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

function fileAt(target: string, escaped: boolean): FileDraft {
  const text = (escaped ? unescapeLink(target) : target).slice(0, 4096);
  const deleted = text.endsWith(' (deleted)');
  return { path: deleted ? text.slice(0, -' (deleted)'.length) : text, deleted };
}

/** a|b N POS FLAGS MNT_ID INO, `-` for what the kernel does not print. */
function readFdinfo(files: Map<number, FileDraft>, [phase, fdText, position, flags, mountId]: string[]): void {
  const draft = files.get(Number(fdText));
  if (!draft) return;
  if (position !== undefined && /^\d{1,15}$/.test(position))
    draft[phase === 'a' ? 'positionStart' : 'positionEnd'] = Number(position);
  if (flags !== undefined && flags !== '-') draft.flags = flags;
  if (mountId !== undefined && /^\d{1,10}$/.test(mountId)) draft.mountId = Number(mountId);
}

function openFile(fd: number, draft: FileDraft, machine: string): OpenFile {
  const mode = draft.flags === undefined ? undefined : parseOpenFlags(draft.flags, machine);
  const movedBytes =
    draft.positionStart === undefined || draft.positionEnd === undefined
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
