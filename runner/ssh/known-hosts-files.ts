/** Reads the known_hosts files, once for a sweep. */
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
  const files: KnownHostsFile[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      const { size } = await stat(path);
      if (size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`);
      const parsed = parseKnownHosts(await readFile(path, 'utf8'), path);
      files.push(parsed);
      for (const { line, message } of parsed.problems)
        problems.push(`${path} line ${line} is passed over: ${message}.`);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (missing && options.file === undefined) continue;
      problems.push(`${path} cannot be read as known_hosts: ${missing ? 'there is no such file' : messageOf(error)}.`);
    }
  }
  return { files, mendFile: options.file ?? own, problems };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
