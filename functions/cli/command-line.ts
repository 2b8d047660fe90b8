/** The command line: text in, a command out. Nothing is read, dialled or printed here. */
import { type Command, CommanderError } from 'commander';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { holdsKey, isMarkedKey } from '../../runner/ssh/secret-text.ts';
import { encodeText } from '../render/encode.ts';
import type { FailOn } from './exit-status.ts';
import { EXAMPLES } from './help.ts';
import { describeProgram, type Options } from './options.ts';

export type Format = 'json' | 'ndjson' | 'plain';

/** Where whodisk.yml and what was found are; absent: the defaults. */
export interface Places {
  readonly config?: string;
  readonly store?: string;
  readonly state?: string;
}

/** Absent is what was not given: whodisk.yml, ssh_config(5) and then the defaults may say it. */
export interface SweepCommand extends Places {
  readonly kind: 'sweep';
  /** As written; empty and no inventories: this machine. */
  readonly targets: readonly string[];
  /** Files, and "-" for stdin at most once. */
  readonly inventories: readonly string[];
  readonly sshConfig?: string;
  readonly user?: string;
  readonly port?: number;
  readonly identities: readonly string[];
  readonly knownHosts?: string;
  readonly hostKeys?: 'strict' | 'accept-new';
  readonly jump?: readonly string[];
  readonly forks?: number;
  readonly windowSeconds?: number;
  readonly deadlineSeconds?: number;
  readonly privilege?: 'auto' | 'root' | 'user';
  readonly args: boolean;
  readonly format?: Format;
  readonly failOn?: FailOn;
}

/** A look at what is stored. */
export type LookCommand = Places & { readonly format?: 'json' | 'plain' } & (
    | { readonly kind: 'explain'; readonly host: string }
    | { readonly kind: 'history'; readonly host?: string }
    | { readonly kind: 'diff'; readonly sweeps: readonly string[] }
  );

export type ParsedCommand =
  | SweepCommand
  | LookCommand
  | { readonly kind: 'store-create'; readonly table: string }
  | { readonly kind: 'schema'; readonly of: 'report' | 'config' }
  /** Help, the version: to stdout. */
  | { readonly kind: 'text'; readonly text: string }
  /** A usage error: to stderr, exit 2. */
  | { readonly kind: 'usage'; readonly message: string };

const SUBCOMMANDS = ['sweep', 'explain', 'history', 'diff', 'store', 'schema', 'help'] as const;
type Subcommand = (typeof SUBCOMMANDS)[number];

const SSH_ONLY = ['sshConfig', 'user', 'port', 'identity', 'knownHosts', 'hostKeys', 'jump'] as const;
const LOOKING = ['config', 'store', 'state', 'json', 'plain'] as const;
/** What each command takes of the options; a sweep takes them all. */
const OPTIONS_OF = {
  explain: LOOKING,
  history: LOOKING,
  diff: LOOKING,
  store: ['store'],
  schema: [],
} as const satisfies Partial<Record<Subcommand, readonly (keyof Options)[]>>;

/** `columns` is the width for the help text. */
export function parseCommandLine(argv: readonly string[], version: string, columns: number): ParsedCommand {
  const secret = argv.findIndex((word) => /[\n\r]/u.test(word) || isMarkedKey(word));
  if (secret >= 0) {
    const what = isMarkedKey(argv[secret] ?? '') ? 'a private key' : 'a line break';
    return usage(
      `word ${secret + 1} of the command line holds ${what}: name each host by itself, and a key by its file, --identity FILE`,
    );
  }
  const command = parsed(argv, version, columns);
  const isRepeated = command.kind === 'usage' && holdsKey(command.message);
  return isRepeated ? usage('a word of the command line is not understood, and may be a private key') : command;
}

function parsed(argv: readonly string[], version: string, columns: number): ParsedCommand {
  let out = '';
  let err = '';
  const program = describeProgram(version).configureOutput({
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
    getOutHelpWidth: () => Math.min(columns, 110),
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { kind: 'text', text: out } : usage(err.replace(/^error: /u, '').trimEnd());
  }
  return commandOf(program);
}

function commandOf(program: Command): ParsedCommand {
  const [first, ...rest] = program.args;
  if (!isSubcommand(first)) {
    const meant = first === undefined ? undefined : suggestionFor(first, SUBCOMMANDS);
    if (meant === undefined) return sweepCommand(program, program.args);
    return usage(
      `there is no command '${first}'. Did you mean '${meant}'?\nFor a host of that name: whodisk sweep ${first}`,
    );
  }
  if (first === 'help') return { kind: 'text', text: program.helpInformation() + EXAMPLES };
  if (first === 'sweep') return sweepCommand(program, rest);
  const stray = strayOption(program, OPTIONS_OF[first]);
  if (stray !== undefined) return usage(`'whodisk ${first}' takes no ${stray}${forHost(first)}`);
  const options = program.opts<Options>();
  switch (first) {
    case 'explain':
      return explainCommand(rest, options);
    case 'history':
      if (rest.length > 1) return usage(tooMuch('history', 'one HOST at most', rest[1]));
      return { kind: 'history', ...looking(options), ...(rest[0] !== undefined && { host: rest[0] }) };
    case 'diff':
      if (rest.length > 2) return usage(tooMuch('diff', 'two SWEEPs at most', rest[2]));
      return { kind: 'diff', ...looking(options), sweeps: rest };
    case 'store':
      return storeCommand(rest, options);
    case 'schema':
      if (rest.length === 0) return { kind: 'schema', of: 'report' };
      if (rest.length === 1 && rest[0] === 'config') return { kind: 'schema', of: 'config' };
      return usage(
        tooMuch(
          'schema',
          'nothing else, or the word config',
          rest.find((word) => word !== 'config'),
        ),
      );
    default:
      return first satisfies never;
  }
}

function isSubcommand(word: string | undefined): word is Subcommand {
  return (SUBCOMMANDS as readonly (string | undefined)[]).includes(word);
}

function explainCommand(rest: readonly string[], options: Options): ParsedCommand {
  const [host, second] = rest;
  if (host === undefined) {
    return usage("'whodisk explain' wants a HOST, as the table or 'whodisk history' names it: whodisk explain db-7");
  }
  if (second !== undefined) return usage(tooMuch('explain', 'one HOST', second));
  return { kind: 'explain', ...looking(options), host };
}

function storeCommand(rest: readonly string[], { store }: Options): ParsedCommand {
  if (rest.length !== 1 || rest[0] !== 'create') {
    return usage(
      "'whodisk store' makes the table of a store in the cloud: whodisk store create --store dynamodb:TABLE",
    );
  }
  const table = /^dynamodb:(.+)$/u.exec(store ?? '')?.[1];
  if (table === undefined) {
    return usage('the embedded store makes itself; a table is made with: whodisk store create --store dynamodb:TABLE');
  }
  return { kind: 'store-create', table };
}

function looking({ config, store, state, json, plain }: Options): Places & { format?: 'json' | 'plain' } {
  const format = json ? 'json' : plain ? 'plain' : undefined;
  return { ...places({ config, store, state }), ...(format !== undefined && { format }) };
}

function places({ config, store, state }: { [Name in 'config' | 'store' | 'state']: string | undefined }): Places {
  return {
    ...(config !== undefined && { config }),
    ...(store !== undefined && { store }),
    ...(state !== undefined && { state }),
  };
}

function sweepCommand(program: Command, targets: readonly string[]): ParsedCommand {
  const options = program.opts<Options>();
  const inventories = options.inventory ?? [];
  if (inventories.filter((file) => file === '-').length > 1) return usage('-i - is stdin, which can be read only once');
  const needless =
    targets.length + inventories.length > 0
      ? undefined
      : SSH_ONLY.find((name) => program.getOptionValueSource(name) === 'cli');
  if (needless !== undefined) {
    const flag = flagOf(program, needless);
    return usage(
      `${flag} is for hosts that are reached over SSH, and no TARGET is given. Name one, or leave ${flag} out`,
    );
  }
  const { config, store, state, window, deadline } = options;
  const format = (['json', 'ndjson', 'plain'] as const).find((name) => options[name]);
  return {
    kind: 'sweep',
    targets,
    inventories,
    ...places({ config, store, state }),
    ...(options.sshConfig !== undefined && { sshConfig: options.sshConfig }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.port !== undefined && { port: options.port }),
    identities: options.identity ?? [],
    ...(options.knownHosts !== undefined && { knownHosts: options.knownHosts }),
    ...(options.hostKeys !== undefined && { hostKeys: options.hostKeys }),
    ...(options.jump !== undefined && { jump: options.jump }),
    ...(options.forks !== undefined && { forks: options.forks }),
    ...(window !== undefined && { windowSeconds: window }),
    ...(deadline !== undefined && { deadlineSeconds: deadline }),
    ...(options.privilege !== undefined && { privilege: options.privilege }),
    args: options.args ?? false,
    ...(format !== undefined && { format }),
    ...(options.failOn !== undefined && { failOn: options.failOn }),
  };
}

function strayOption(program: Command, allowed: readonly string[]): string | undefined {
  return program.options.find(
    (option) =>
      program.getOptionValueSource(option.attributeName()) === 'cli' && !allowed.includes(option.attributeName()),
  )?.long;
}

function flagOf(program: Command, name: string): string {
  return program.options.find((option) => option.attributeName() === name)?.long ?? `--${name}`;
}

function tooMuch(command: string, takes: string, extra: string | undefined): string {
  return `'whodisk ${command}' takes ${takes}, and here is '${extra}'${forHost(command)}`;
}

function forHost(command: string): string {
  return `.\nFor a host of that name: whodisk sweep ${command}`;
}

function usage(message: string): ParsedCommand {
  const lines = message.split('\n').map(encodeText);
  return { kind: 'usage', message: `whodisk: ${lines.join('\n  ')}\n  Try: whodisk --help\n` };
}
