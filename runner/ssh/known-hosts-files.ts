/** Reads the known_hosts files, each once for a sweep. */
import { join } from 'node:path';
import { type KnownHostsFile, parseKnownHosts } from './known-hosts.ts';
import { onceEach } from './once-each.ts';
import { readRegularFile } from './read-regular-file.ts';

export interface KnownHosts {
  /** In the order in which they were read: the first is the one that messages tell to mend. */
  readonly files: readonly KnownHostsFile[];
  /** Where a new key belongs; it need not exist yet. */
  readonly mendFile: string;
  /** What could not be read and which lines were passed over, one sentence each. */
  readonly problems: readonly string[];
  /** A sentence where one of them is no file, or did not come in time: what it would say of a host can then not be known. */
  readonly refusal?: string;
}

/** The files that one host's settings name, of which each may be missing. Never rejects. */
export type OtherKnownHosts = (paths: readonly string[]) => Promise<KnownHosts>;

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads `file`, or where none is given ~/.ssh/known_hosts and the system-wide file, of which either may be missing.
 *
 * @param options.file what --known-hosts named; when it cannot be read, `files` is empty and `problems` says why
 * @param options.name what messages call it, where it is a copy of another; default its path
 * @param options.homeDirectory the user's home
 */
export async function readKnownHosts(options: {
  file?: string;
  name?: string;
  homeDirectory: string;
}): Promise<KnownHosts> {
  const own = join(options.homeDirectory, '.ssh', 'known_hosts');
  const paths = options.file === undefined ? [own, '/etc/ssh/ssh_known_hosts'] : [options.file];
  const mayBePipe = options.file !== undefined;
  const name = options.file === undefined ? undefined : options.name;
  const named = name === undefined ? {} : { name };
  const read = await Promise.all(paths.map((path) => readKnownHostsFile(path, { mayBePipe, ...named })));
  const missing = read.flatMap(({ isMissing }, index) =>
    isMissing && options.file !== undefined
      ? [`${paths[index]} cannot be read as known_hosts: there is no such file.`]
      : [],
  );
  return { ...joined(read), mendFile: name ?? options.file ?? own, problems: [...problemsOf(read), ...missing] };
}

/** UserKnownHostsFile and GlobalKnownHostsFile of many hosts: each path is read once, whoever names it. */
export function createOtherKnownHosts(): OtherKnownHosts {
  const readOnce = onceEach((path) => readKnownHostsFile(path));
  return async (paths) => {
    const read = await Promise.all(paths.map(readOnce));
    return { ...joined(read), mendFile: paths[0] ?? '~/.ssh/known_hosts', problems: problemsOf(read) };
  };
}

/** One file; `file` is absent where it does not exist or cannot be read, and only the latter is a problem. */
export interface KnownHostsRead {
  readonly file?: KnownHostsFile;
  readonly isMissing: boolean;
  readonly problems: readonly string[];
  /** As in KnownHosts. */
  readonly refusal?: string;
  /** Its text ends without a line feed: what is appended must begin with one. */
  readonly isLastLineOpen: boolean;
}

/**
 * Never rejects.
 *
 * @param options.mayBePipe where a person named it on the command line
 * @param options.name as in readKnownHosts
 */
export async function readKnownHostsFile(
  path: string,
  options: { readonly mayBePipe?: boolean; readonly name?: string } = {},
): Promise<KnownHostsRead> {
  const found = await readRegularFile(path, { ...options, mostBytes: MAX_FILE_BYTES });
  const unreadable = (why: string) => {
    const problem = `${path} cannot be read as known_hosts: ${why}.`;
    return { isMissing: false, problems: [problem], isLastLineOpen: false };
  };
  const refused = (why: string) => ({ ...unreadable(why), refusal: `${path} ${why}.` });
  switch (found.kind) {
    case 'read': {
      const text = found.bytes.toString('utf8');
      const name = options.name ?? path;
      const file = parseKnownHosts(text, name);
      const problems = file.problems.map(({ line, message }) => `${name} line ${line} is passed over: ${message}.`);
      return { file, isMissing: false, problems, isLastLineOpen: text !== '' && !text.endsWith('\n') };
    }
    case 'no-regular-file':
      // ssh passes a folder over, and would wait for whoever writes to a pipe.
      if (found.stat.isDirectory()) return unreadable('it is a folder');
      return refused('is no file but a pipe, a socket or a device, which is not waited for');
    case 'late':
      return refused(found.problem);
    case 'too-large':
      return unreadable(`it is larger than ${MAX_FILE_BYTES} bytes`);
    case 'failed':
      if (found.error.code === 'ENOENT') return { isMissing: true, problems: [], isLastLineOpen: false };
      return unreadable(found.error.message);
    default:
      return found satisfies never;
  }
}

function joined(read: readonly KnownHostsRead[]): Pick<KnownHosts, 'files' | 'refusal'> {
  const refusal = read.find((one) => one.refusal !== undefined)?.refusal;
  return { files: read.flatMap(({ file }) => file ?? []), ...(refusal !== undefined && { refusal }) };
}

function problemsOf(read: readonly KnownHostsRead[]): string[] {
  return read.flatMap(({ problems }) => problems);
}
