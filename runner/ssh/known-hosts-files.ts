/** Reads the known_hosts files, each once for a sweep. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type KnownHostsFile, parseKnownHosts } from './known-hosts.ts';

export interface KnownHosts {
  /** In the order in which they were read: the first is the one that messages tell to mend. */
  readonly files: readonly KnownHostsFile[];
  /** Where a new key belongs; it need not exist yet. */
  readonly mendFile: string;
  /** What could not be read and which lines were passed over, one sentence each. */
  readonly problems: readonly string[];
}

/** The files that one host's settings name, of which each may be missing. Never rejects. */
export type OtherKnownHosts = (paths: readonly string[]) => Promise<KnownHosts>;

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads `file`, or where none is given ~/.ssh/known_hosts and the system-wide file, of which either may be missing.
 *
 * @param options.file what --known-hosts named; when it cannot be read, `files` is empty and `problems` says why
 * @param options.homeDirectory the user's home
 */
export async function readKnownHosts(options: { file?: string; homeDirectory: string }): Promise<KnownHosts> {
  const own = join(options.homeDirectory, '.ssh', 'known_hosts');
  const paths = options.file === undefined ? [own, '/etc/ssh/ssh_known_hosts'] : [options.file];
  const read = await Promise.all(paths.map(readKnownHostsFile));
  const missing = read.flatMap(({ isMissing }, index) =>
    isMissing && options.file !== undefined
      ? [`${paths[index]} cannot be read as known_hosts: there is no such file.`]
      : [],
  );
  return { files: filesOf(read), mendFile: options.file ?? own, problems: [...problemsOf(read), ...missing] };
}

/** UserKnownHostsFile and GlobalKnownHostsFile of many hosts: each path is read once, whoever names it. */
export function createOtherKnownHosts(): OtherKnownHosts {
  const reads = new Map<string, Promise<KnownHostsRead>>();
  const readOnce = (path: string): Promise<KnownHostsRead> => {
    const read = reads.get(path) ?? readKnownHostsFile(path);
    reads.set(path, read);
    return read;
  };
  return async (paths) => {
    const read = await Promise.all(paths.map(readOnce));
    return { files: filesOf(read), mendFile: paths[0] ?? '~/.ssh/known_hosts', problems: problemsOf(read) };
  };
}

/** One file; `file` is absent where it does not exist or cannot be read, and only the latter is a problem. */
export interface KnownHostsRead {
  readonly file?: KnownHostsFile;
  readonly isMissing: boolean;
  readonly problems: readonly string[];
  /** Its text ends without a line feed: what is appended must begin with one. */
  readonly isLastLineOpen: boolean;
}

export async function readKnownHostsFile(path: string): Promise<KnownHostsRead> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`);
    const text = await readFile(path, 'utf8');
    const file = parseKnownHosts(text, path);
    const problems = file.problems.map(({ line, message }) => `${path} line ${line} is passed over: ${message}.`);
    return { file, isMissing: false, problems, isLastLineOpen: text !== '' && !text.endsWith('\n') };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = error instanceof Error ? error.message : String(error);
    const problems = isMissing ? [] : [`${path} cannot be read as known_hosts: ${why}.`];
    return { isMissing, problems, isLastLineOpen: false };
  }
}

function filesOf(read: readonly KnownHostsRead[]): KnownHostsFile[] {
  return read.flatMap(({ file }) => file ?? []);
}

function problemsOf(read: readonly KnownHostsRead[]): string[] {
  return read.flatMap(({ problems }) => problems);
}
