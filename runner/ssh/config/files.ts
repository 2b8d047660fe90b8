/** Reads the files of ssh_config(5), once for a sweep; what they mean for a host is evaluated in evaluate.ts. */
import { join, resolve } from 'node:path';
import { readRegularFile } from '../read-regular-file.ts';
import { shellWord } from '../shell-word.ts';
import { expandGlob } from './glob.ts';
import { type ConfigFile, type ParsedConfig, parseConfigText } from './text.ts';

export interface SshConfig {
  /** In the order in which they count: the user's, then the system-wide one. */
  readonly files: readonly ConfigFile[];
  /** A `Match final` stands somewhere, so that everything is gone through twice. */
  readonly hasFinalPass: boolean;
  /** An option that ssh does not know stands somewhere: whether it is ignored depends on the host. */
  readonly hasUnknownOption: boolean;
  /**
   * Why ssh would not start at all, one sentence each, with file and line: a bad option, an unsafe or unreadable file. With any of
   * them no host may be dialled by these files.
   */
  readonly problems: readonly string[];
}

export interface SshConfigOptions {
  /** What -F named, 'none' for no file at all; absent: ~/.ssh/config and /etc/ssh/ssh_config, of which either may be missing. */
  readonly file?: string | undefined;
  readonly homeDirectory: string;
  /** Login name, for "~name" in an Include. */
  readonly user: string;
  /** Where the system-wide files are, only for tests to change. */
  readonly systemDirectory?: string;
}

/** What there is where there is no file. */
const NO_SSH_CONFIG: SshConfig = { files: [], hasFinalPass: false, hasUnknownOption: false, problems: [] };

const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** READCONF_MAX_DEPTH of readconf.c. */
const MAX_DEPTH = 16;
/** Two files that include each other twice would be read 65,536 times before the depth ends it. */
const MOST_INCLUDED = 2000;

/** Never rejects for what it finds: `problems` says it. */
export async function readSshConfig(options: SshConfigOptions): Promise<SshConfig> {
  if (options.file?.toLowerCase() === 'none') return NO_SSH_CONFIG;
  const { homeDirectory, systemDirectory = '/etc/ssh' } = options;
  const reading = new Reading(options, systemDirectory);
  const isNamed = options.file !== undefined;
  const own = isNamed ? resolve(options.file ?? '') : join(homeDirectory, '.ssh', 'config');
  const files = [await reading.readTop(own, { isUsers: true, isNamed })];
  if (!isNamed) files.push(await reading.readTop(join(systemDirectory, 'ssh_config'), { isUsers: false, isNamed }));
  return {
    files: files.filter((file) => file !== undefined),
    hasFinalPass: reading.hasFinalPass,
    hasUnknownOption: reading.hasUnknownOption,
    problems: reading.problems,
  };
}

class Reading {
  readonly problems: string[] = [];
  hasFinalPass = false;
  hasUnknownOption = false;
  readonly #options: SshConfigOptions;
  readonly #systemDirectory: string;
  /** What a path was found to be: a file may be included in many places. */
  readonly #parsed = new Map<string, ParsedConfig | undefined>();
  #included = 0;

  constructor(options: SshConfigOptions, systemDirectory: string) {
    this.#options = options;
    this.#systemDirectory = systemDirectory;
  }

  async readTop(path: string, { isUsers, isNamed }: { isUsers: boolean; isNamed: boolean }) {
    // As ssh: only one's own file is checked where nobody named it, and every included one. A system-wide file that may not be
    // read is passed over, as ssh does; one's own is not, since the way to a host may be in it.
    const isChecked = isUsers && !isNamed;
    const parsed = await this.#parse(path, { isChecked, isNamed, isOptional: !isUsers });
    if (parsed === undefined) {
      if (isNamed && this.problems.length === 0)
        this.problems.push(`${path}: there is no such file. Give another with -F.`);
      return undefined;
    }
    return this.#withIncludes(parsed, isUsers, []);
  }

  /** A new object for each place, since the same text includes other files for the user than system-wide. */
  async #withIncludes(parsed: ParsedConfig, isUsers: boolean, ancestors: readonly string[]): Promise<ConfigFile> {
    const blocks = [];
    for (const block of parsed.blocks) {
      if (block.condition.kind === 'match' && block.condition.asksForFinalPass) this.hasFinalPass = true;
      const steps = [];
      for (const step of block.steps) {
        if (step.kind === 'unknown-option') this.hasUnknownOption = true;
        if (step.kind !== 'include') {
          steps.push(step);
          continue;
        }
        const where = `${parsed.path} line ${step.line}`;
        const files: ConfigFile[] = [];
        for (const pattern of step.patterns)
          files.push(...(await this.#include(pattern, where, isUsers, [...ancestors, parsed.path])));
        steps.push({ ...step, files });
      }
      blocks.push({ ...block, steps });
    }
    return { path: parsed.path, blocks };
  }

  async #include(
    pattern: string,
    where: string,
    isUsers: boolean,
    ancestors: readonly string[],
  ): Promise<ConfigFile[]> {
    const anchored = this.#anchor(pattern, isUsers);
    if (anchored === undefined) {
      this.problems.push(`${where}: Include ${shellWord(pattern)} cannot be resolved: write the path from "/" on.`);
      return [];
    }
    const files: ConfigFile[] = [];
    for (const path of await expandGlob(anchored)) {
      if (ancestors.includes(path) || ancestors.length > MAX_DEPTH) {
        this.problems.push(
          `${where}: ${path} is included by itself, or more than ${MAX_DEPTH} files deep: take the Include out.`,
        );
        return files;
      }
      if (++this.#included > MOST_INCLUDED) {
        if (this.#included === MOST_INCLUDED + 1) {
          this.problems.push(`${where}: more than ${MOST_INCLUDED} files are included: take the Include out.`);
        }
        return files;
      }
      const parsed = await this.#parse(path, { isChecked: true, isNamed: false, isOptional: false });
      if (parsed !== undefined) files.push(await this.#withIncludes(parsed, isUsers, ancestors));
    }
    return files;
  }

  /** Relative paths are those of ~/.ssh for the user's files and of /etc/ssh for the system-wide ones, which have no "~". */
  #anchor(pattern: string, isUsers: boolean): string | undefined {
    const { homeDirectory, user } = this.#options;
    if (pattern.startsWith('/')) return pattern;
    if (!pattern.startsWith('~')) {
      return isUsers ? join(homeDirectory, '.ssh', pattern) : join(this.#systemDirectory, pattern);
    }
    const [name, ...rest] = pattern.slice(1).split('/');
    return isUsers && (name === '' || name === user) ? join(homeDirectory, ...rest) : undefined;
  }

  async #parse(path: string, how: Demands): Promise<ParsedConfig | undefined> {
    if (this.#parsed.has(path)) return this.#parsed.get(path);
    const text = await readText(path, how);
    let parsed: ParsedConfig | undefined;
    if (typeof text === 'string') {
      parsed = parseConfigText(text, path);
      this.problems.push(...parsed.problems);
    } else if (text !== undefined) {
      this.problems.push(`${path} ${text.problem}`);
    }
    this.#parsed.set(path, parsed);
    return parsed;
  }
}

interface Demands {
  /** Its owner and mode must be safe. */
  readonly isChecked: boolean;
  /** By -F. */
  readonly isNamed: boolean;
  readonly isOptional: boolean;
}

/** undefined where there is no such file. */
async function readText(
  path: string,
  { isChecked, isNamed, isOptional }: Demands,
): Promise<string | { readonly problem: string } | undefined> {
  // -F may name the pipe of a shell's <( ).
  const found = await readRegularFile(path, { mostBytes: MAX_FILE_BYTES, mayBePipe: isNamed });
  if (found.kind === 'failed') {
    const { code, message } = found.error;
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && isOptional)) return undefined;
    return { problem: `cannot be read: ${code === 'EACCES' ? 'permission denied' : message}.` };
  }
  if (found.kind === 'late') {
    return { problem: `${found.problem}.` };
  }
  const { stat } = found;
  if (isChecked) {
    // SSHCONF_CHECKPERM of readconf.c: whoever could write it could have any command run.
    if (stat.uid !== 0 && stat.uid !== process.getuid?.()) {
      return { problem: `belongs to another user (uid ${stat.uid}), so ssh refuses it: chown it.` };
    }
    if ((stat.mode & 0o022) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
      return { problem: `can be written by others (mode ${mode}), so ssh refuses it: chmod go-w ${shellWord(path)}` };
    }
  }
  switch (found.kind) {
    case 'read':
      return found.bytes.toString('utf8');
    case 'no-regular-file':
      // What fopen(3) makes of a folder: a file without lines. At a pipe ssh would wait for whoever writes to it.
      return stat.isDirectory() ? '' : { problem: 'is no file: take it out of the configuration.' };
    case 'too-large':
      return { problem: `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB: that is no ssh configuration.` };
    default:
      return found satisfies never;
  }
}
