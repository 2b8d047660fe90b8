/** lsof (lsof(8) 4): regular files and block devices that processes hold open, with the number of the file system's device. */
import type { OpenMode } from '../proc/fdinfo.ts';
import type { Section } from './split-captures.ts';

export interface OpenedFile {
  readonly fd: number;
  readonly path: string;
  readonly deleted: boolean;
  readonly mode?: OpenMode;
  /** MAJOR:MINOR; 0:N of file systems that have no device of their own. */
  readonly number: string;
}

export interface Opener {
  readonly pid: number;
  readonly user?: string;
  readonly files: readonly OpenedFile[];
}

export interface Lsof {
  readonly openers: readonly Opener[];
}

const MAX_FILES = 1024;
const MAX_OPENERS = 10_000;

/** COMMAND PID [TID TASKCMD] USER FD TYPE DEVICE SIZE/OFF NODE NAME; a lock stands behind the mode. */
const ROW =
  /^\S+\s+(\d{1,10})\s+(?:\d+\s+\S+\s+)?(\S+)\s+(\d{1,9})([rwu-]?)[rRwWuUxXN]?\s+(REG|BLK)\s+(\d{1,9},\d{1,9})\s+(?:\S+\s+)?\d+\s+(\/.*)$/u;
const BEGINS = /^\S+\s+\d{1,10}\s+\S/u;

export function parseLsof({ lines }: Section): Lsof {
  const openers = new Map<number, { user?: string; files: OpenedFile[] }>();
  for (const [i, { text }] of lines.entries()) {
    const next = lines[i + 1]?.text ?? '';
    // A row that was broken has its name in the next line.
    const row = ROW.exec(text) ?? (BEGINS.test(text) && !isRow(next) ? ROW.exec(`${text} ${next.trim()}`) : null);
    if (!row) continue;
    const [, pid, user = '', fd, access = '', , number = '', name = ''] = row;
    const key = Number(pid);
    const opener = openers.get(key) ?? { files: [], ...(!user.endsWith('+') && { user }) };
    if (!openers.has(key) && openers.size >= MAX_OPENERS) continue;
    openers.set(key, opener);
    if (opener.files.length >= MAX_FILES || opener.files.some((file) => file.fd === Number(fd))) continue;
    const mode = modeOf(access);
    opener.files.push({
      fd: Number(fd),
      path: name.replace(/ \(deleted\)$/u, '').replace(/ \([^()\s]{1,255}:\/[^()]*\)$/u, ''),
      deleted: name.endsWith(' (deleted)'),
      ...(mode && { mode }),
      number: number.replace(',', ':'),
    });
  }
  return { openers: [...openers].map(([pid, opener]) => ({ pid, ...opener })) };
}

const isRow = (text: string): boolean =>
  BEGINS.test(text) && /\s(?:REG|DIR|CHR|BLK|FIFO|unix|IPv[46]|sock|a_inode)\s/u.test(text);

function modeOf(access: string): OpenMode | undefined {
  if (!/^[rwu]$/u.test(access)) return undefined;
  return { reads: access !== 'w', writes: access !== 'r', direct: false, sync: false, append: false };
}
