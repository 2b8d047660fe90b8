/**
 * strace (strace(1) 4 to 6), with or without -f, -t, -r, -T, -y: calls that move bytes, flush or change names, by the thread that made
 * them; which file a descriptor was opened on; and files that it asked the size of, which tells a log that is rotated.
 */
import type { Draft } from '../proc/draft.ts';
import type { OpenMode } from '../proc/fdinfo.ts';
import { type BlockedCall, callNamed } from '../proc/syscall.ts';
import { argumentsOf, stringOf } from './call-arguments.ts';
import type { Section } from './split-captures.ts';
import { type CallText, callTexts } from './strace-lines.ts';

export interface Traced {
  /** As printed: of a thread where -f was given, else that of the call or of the line that says whom it was attached to. */
  readonly pid: number;
  readonly calls: readonly BlockedCall[];
  /** Absolute paths by descriptor, where all that was seen of one agrees. */
  readonly files: ReadonlyMap<number, { readonly path: string; readonly mode?: OpenMode }>;
  /** From its first call to its last, where strace was asked for times. */
  readonly spanSeconds?: number;
  /** Files that it asked the size of or gave another name. */
  readonly looks: readonly { readonly call: string; readonly path: string; readonly bytes?: number }[];
}

export interface Strace {
  readonly traced: readonly Traced[];
  /** Whom it was attached to, in the order that it says so: the process before its threads. */
  readonly attached: readonly number[];
  readonly limits: readonly string[];
}

/** More say nothing new, and every one of them is compared with every open file. */
const MAX_CALLS = 2000;
const MAX_FILES = 1024;
const MAX_LOOKS = 100;

interface Open {
  readonly calls: BlockedCall[];
  readonly paths: Map<number, Map<string, OpenMode | undefined>>;
  readonly looks: { call: string; path: string; bytes?: number }[];
  firstAt?: number;
  lastAt?: number;
}

export function parseStrace(section: Section): Strace {
  const { calls, attached, isSummary } = callTexts(section);
  const limits = isSummary
    ? ['strace -c counts calls and shows neither descriptors nor sizes: trace without -c to see them']
    : [];
  const [only, ...others] = attached;
  const byPid = new Map<number, Open>();
  let [nobodys, dropped] = [0, 0];
  for (const call of calls) {
    const pid = call.pid ?? (others.length === 0 ? only : undefined);
    if (pid === undefined) {
      nobodys++;
      continue;
    }
    const open: Open = byPid.get(pid) ?? { calls: [], paths: new Map(), looks: [] };
    byPid.set(pid, open);
    if (call.atSeconds !== undefined) {
      open.firstAt ??= call.atSeconds;
      open.lastAt = call.atSeconds;
    }
    if (!take(call, open)) dropped++;
  }
  if (nobodys > 0) {
    limits.push(
      `strace: whose ${nobodys} calls these are is not said: paste the line "strace: Process N attached" or the call, strace -p N`,
    );
  }
  if (dropped > 0) limits.push(`strace: the first ${MAX_CALLS} calls of a thread were read, ${dropped} more were not`);
  return {
    attached,
    limits,
    traced: [...byPid].map(([pid, { calls, paths, looks, firstAt, lastAt }]) => ({
      pid,
      calls,
      looks,
      files: agreed(paths),
      ...(firstAt !== undefined && lastAt !== undefined && lastAt > firstAt && { spanSeconds: lastAt - firstAt }),
    })),
  };
}

/** A descriptor that was opened on two files names neither. */
function agreed(paths: Open['paths']): Map<number, { path: string; mode?: OpenMode }> {
  const files = new Map<number, { path: string; mode?: OpenMode }>();
  for (const [fd, known] of paths) {
    const [first, second] = known;
    if (first && !second) files.set(fd, { path: first[0], ...(first[1] && { mode: first[1] }) });
  }
  return files;
}

/** false where there is no place left for it. */
function take({ name, text, result }: CallText, open: Open): boolean {
  if (/^(?:open|openat|creat)$/u.test(name)) return takeOpen(name, text, result, open);
  if (/^(?:stat|lstat|newfstatat|statx|stat64|lstat64|rename|renameat|renameat2)$/u.test(name))
    return takeLook(name, text, result, open);
  const known = callNamed(name);
  const failed = result?.startsWith('-1') === true;
  if (!known || known.kind === 'other' || failed) return true;
  const args = argumentsOf(text);
  const [, fdText, path] = /^(\d{1,9})(?:<(.*)>(?:\(deleted\))?)?$/u.exec(args[0] ?? '') ?? [];
  const fd = known.takesFd && fdText !== undefined ? Number(fdText) : undefined;
  if (fd !== undefined && path?.startsWith('/')) note(open, fd, path.replace(/<.*$/u, ''), undefined);
  if (open.calls.length >= MAX_CALLS) return false;
  const call: Draft<BlockedCall> = { name, kind: known.kind };
  if (fd !== undefined) call.fd = fd;
  const isTransfer = known.kind === 'read' || known.kind === 'write';
  const asked = known.lengthArgument === undefined ? undefined : wholeNumber(args[known.lengthArgument]);
  // What it came to says more than what was asked for; a call that is still under way has only that.
  const lengthBytes = isTransfer ? (wholeNumber(result) ?? asked) : undefined;
  const offsetBytes = known.offsetArgument === undefined ? undefined : wholeNumber(args[known.offsetArgument]);
  if (isTransfer && lengthBytes === 0) return true;
  if (lengthBytes !== undefined) call.lengthBytes = lengthBytes;
  if (offsetBytes !== undefined) call.offsetBytes = offsetBytes;
  open.calls.push(call);
  return true;
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;

function takeOpen(name: string, text: string, result: string | undefined, open: Open): boolean {
  const args = argumentsOf(text);
  const path = stringOf(args[name === 'openat' ? 1 : 0]);
  const fd = /^(\d{1,9})(?:<|$)/u.exec(result ?? '')?.[1];
  const flags = name === 'creat' ? 'O_WRONLY' : (args[name === 'openat' ? 2 : 1] ?? '');
  if (fd === undefined || !path?.startsWith('/')) return true;
  note(open, Number(fd), path, {
    reads: !flags.includes('O_WRONLY'),
    writes: /O_WRONLY|O_RDWR/u.test(flags),
    direct: flags.includes('O_DIRECT'),
    sync: /O_D?SYNC/u.test(flags),
    append: flags.includes('O_APPEND'),
  });
  return true;
}

function note({ paths }: Open, fd: number, path: string, mode: OpenMode | undefined): void {
  const known = paths.get(fd) ?? new Map<string, OpenMode | undefined>();
  if (!paths.has(fd) && paths.size >= MAX_FILES) return;
  if (known.size < 2) known.set(path, mode ?? known.get(path));
  paths.set(fd, known);
}

function takeLook(name: string, text: string, result: string | undefined, { looks }: Open): boolean {
  if (result !== '0' || looks.length >= MAX_LOOKS) return true;
  const paths = argumentsOf(text).map(stringOf);
  const path = paths.filter((word) => word?.startsWith('/')).at(-1);
  if (path === undefined) return true;
  const size = /\bstx?_size=(\d{1,15})\b/u.exec(text)?.[1];
  if (name.startsWith('rename')) looks.push({ call: name, path });
  else if (size !== undefined) looks.push({ call: name, path, bytes: Number(size) });
  return true;
}
