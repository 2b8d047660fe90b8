/** The command line: text in, a command out. Nothing is read, dialled or printed here. */
import { type Command, CommanderError } from 'commander';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { holdsKey, isMarkedKey } from '../../runner/ssh/secret-text.ts';
import type { Format, ParsedCommand } from './commands.ts';
import { helpAfterOptions } from './help.ts';
import { DEFAULT_LISTEN } from './listen-address.ts';
import { describeProgram, type Options } from './options.ts';
import { looking, places } from './places.ts';
import { isShell, SHELLS } from './shells.ts';
import { tokenCommand } from './token-words.ts';
import { forHost, tooMuch, usage } from './usage.ts';
import { visitWords } from './visit-words.ts';
import { watchProblem, withWatchSeconds } from './watch-words.ts';

/** `complete`, which completion scripts ask, is none: nobody types it. */
export const SUBCOMMANDS = [
  'sweep',
  'explain',
  'history',
  'diff',
  'read',
  'serve',
  'demo',
  'token',
  'audit',
  'store',
  'schema',
  'completion',
  'help',
] as const;
export type Subcommand = (typeof SUBCOMMANDS)[number];

const SSH_ONLY = ['sshConfig', 'user', 'port', 'identity', 'knownHosts', 'hostKeys', 'jump'] as const;
const LOOKING = ['config', 'store', 'state', 'json', 'plain'] as const;
const VISITING = [...SSH_ONLY, 'inventory', 'forks', 'window', 'deadline', 'privilege'] as const;
/** What each command takes of the options; `token` looks after its own. */
export const OPTIONS_OF = {
  sweep: [...LOOKING, ...VISITING, 'args', 'ndjson', 'failOn', 'watch'],
  explain: LOOKING,
  history: LOOKING,
  diff: LOOKING,
  audit: LOOKING,
  read: ['json', 'ndjson', 'plain', 'store', 'failOn'],
  serve: [...VISITING, 'config', 'store', 'state', 'json', 'listen', 'tokenFile'],
  demo: ['load', 'open', 'window', 'plain'],
  store: ['store'],
  schema: [],
  completion: [],
} as const satisfies Partial<Record<Subcommand, readonly (keyof Options)[]>>;
/** For a message about one that was given to another command. */
const AT_HOME: Partial<Record<string, string>> = {
  '--listen': 'whodisk serve',
  '--token-file': 'whodisk serve',
  '--load': 'whodisk demo',
  '--no-open': 'whodisk demo',
  '--scope': 'whodisk token create',
  '--name': 'whodisk token create',
};

/** `columns` is the width for the help text. */
export function parseCommandLine(argv: readonly string[], version: string, columns: number): ParsedCommand {
  const [word, shell, dashes, ...asked] = argv;
  if (word === 'complete' && isShell(shell) && dashes === '--') return { kind: 'complete', shell, words: asked };
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
    program.parse(withWatchSeconds(argv), { from: 'user' });
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
  if (first === 'help') return { kind: 'text', text: program.helpInformation() + helpAfterOptions() };
  if (first === 'sweep') return sweepCommand(program, rest);
  const options = program.opts<Options>();
  if (first === 'token') return tokenCommand(rest, options, (allowed) => strayOption(program, allowed));
  const stray = strayOption(program, OPTIONS_OF[first]);
  if (stray !== undefined) return usage(`'whodisk ${first}' takes no ${stray}${forHost(first)}`);
  switch (first) {
    case 'explain':
      return explainCommand(rest, options);
    case 'history':
      if (rest.length > 1) return usage(tooMuch('history', 'one HOST at most', rest[1]));
      return { kind: 'history', ...looking(options), ...(rest[0] !== undefined && { host: rest[0] }) };
    case 'diff':
      if (rest.length > 2) return usage(tooMuch('diff', 'two SWEEPs at most', rest[2]));
      return { kind: 'diff', ...looking(options), sweeps: rest };
    case 'read':
      return readCommand(rest, options);
    case 'audit':
      if (rest.length > 0) return usage(tooMuch('audit', 'nothing else', rest[0]));
      return { kind: 'audit', ...looking(options) };
    case 'serve':
      return serveCommand(rest, options);
    case 'demo':
      return demoCommand(rest, options);
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
    case 'completion':
      return completionCommand(rest);
    default:
      return first satisfies never;
  }
}

function isSubcommand(word: string | undefined): word is Subcommand {
  return (SUBCOMMANDS as readonly (string | undefined)[]).includes(word);
}

function readCommand(files: readonly string[], options: Options): ParsedCommand {
  if (files.length === 0) {
    return usage(
      `'whodisk read' wants a FILE with output of top, iostat -x, pidstat -d, strace or lsof, or - for stdin${forHost('read')}`,
    );
  }
  if (files.filter((file) => file === '-').length > 1) return usage('- is stdin, which can be read only once');
  const format = formatOf(options);
  return {
    kind: 'read',
    files,
    ...(options.store !== undefined && { store: options.store }),
    ...(format !== undefined && { format }),
    ...(options.failOn !== undefined && { failOn: options.failOn }),
  };
}

function completionCommand([shell, second]: readonly string[]): ParsedCommand {
  if (!isShell(shell)) {
    const meant = shell === undefined ? undefined : suggestionFor(shell, SHELLS);
    const hint = meant === undefined ? forHost('completion') : `. Did you mean '${meant}'?`;
    return usage(`'whodisk completion' wants the name of a shell, ${SHELLS.join(', ')}${hint}`);
  }
  if (second !== undefined) return usage(tooMuch('completion', 'one shell', second));
  return { kind: 'completion', shell };
}

const formatOf = (options: Options): Format | undefined =>
  (['json', 'ndjson', 'plain'] as const).find((name) => options[name]);

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

function serveCommand(rest: readonly string[], options: Options): ParsedCommand {
  const visiting = visitWords(options);
  if (rest[0] !== undefined) {
    return usage(
      `'whodisk serve' takes no TARGET, and here is '${rest[0]}': who asks the service names them${forHost('serve')}`,
    );
  }
  if (visiting.inventories.includes('-')) {
    return usage(
      '-i - is stdin, which can be read only once, and a service reads its inventory for each sweep: name a file',
    );
  }
  return {
    kind: 'serve',
    ...places(options),
    ...visiting,
    listen: options.listen ?? DEFAULT_LISTEN,
    ...(options.tokenFile !== undefined && { tokenFile: options.tokenFile }),
    isJson: options.json ?? false,
  };
}

function demoCommand(rest: readonly string[], { load, open, window, plain }: Options): ParsedCommand {
  if (rest.length > 0) return usage(tooMuch('demo', 'no TARGET', rest[0]));
  return {
    kind: 'demo',
    hasLoad: load ?? false,
    open: open ?? true,
    isPlain: plain ?? false,
    ...(window !== undefined && { windowSeconds: window }),
  };
}

function sweepCommand(program: Command, targets: readonly string[]): ParsedCommand {
  const stray = strayOption(program, OPTIONS_OF.sweep);
  if (stray !== undefined) return usage(`a sweep takes no ${stray}: it is an option of ${AT_HOME[stray]}`);
  const options = program.opts<Options>();
  const visiting = visitWords(options);
  const { inventories } = visiting;
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
  const format = formatOf(options);
  const unwatched = options.watch === undefined ? undefined : watchProblem(format);
  if (unwatched !== undefined) return usage(unwatched);
  return {
    kind: 'sweep',
    targets,
    ...places(options),
    ...visiting,
    args: options.args ?? false,
    ...(format !== undefined && { format }),
    ...(options.failOn !== undefined && { failOn: options.failOn }),
    ...(options.watch !== undefined && { watchSeconds: options.watch }),
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
