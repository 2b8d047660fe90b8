/** The command line: text in, a command out. Nothing is read, dialled or printed here. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { encodeText } from '../render/encode.ts';
import { FAIL_ON, type FailOn } from './exit-status.ts';
import { EXAMPLES } from './help.ts';
import { suggestionFor } from './suggest.ts';

export type Format = 'json' | 'ndjson' | 'plain';

export interface SweepCommand {
  readonly kind: 'sweep';
  /** As written; empty for this machine. */
  readonly targets: readonly string[];
  readonly user?: string;
  readonly port: number;
  readonly identities: readonly string[];
  readonly knownHosts?: string;
  readonly forks: number;
  readonly windowSeconds: number;
  readonly deadlineSeconds: number;
  readonly privilege: 'auto' | 'root' | 'user';
  readonly args: boolean;
  readonly format?: Format;
  readonly failOn?: FailOn;
}

export type ParsedCommand =
  | SweepCommand
  | { readonly kind: 'schema' }
  /** Help, the version: to stdout. */
  | { readonly kind: 'text'; readonly text: string }
  /** A usage error: to stderr, exit 2. */
  | { readonly kind: 'usage'; readonly message: string };

const SUBCOMMANDS = ['sweep', 'schema', 'help'] as const;
const SSH_ONLY = ['user', 'port', 'identity', 'knownHosts'] as const;
/** Seconds that a host gets beyond its window: dial, log-in, and a slow answer. */
const DEADLINE_MARGIN = 10;
const LONGEST_DEADLINE = 3600;
const SSH_PORT = 22;

/** `columns` is the width for the help text. */
export function parseCommandLine(argv: readonly string[], version: string, columns: number): ParsedCommand {
  let out = '';
  let err = '';
  const program = describe(version).configureOutput({
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
  const options = program.opts<Options>();
  if (first === 'schema') return schemaCommand(program, rest);
  if (first === 'help') return { kind: 'text', text: program.helpInformation() + EXAMPLES };
  const targets = first === 'sweep' ? rest : program.args;
  const meant = first === undefined || first === 'sweep' ? undefined : suggestionFor(first, SUBCOMMANDS);
  if (meant !== undefined) {
    return usage(
      `there is no command '${first}'. Did you mean '${meant}'?\nFor a host of that name: whodisk sweep ${first}`,
    );
  }
  const deadlineSeconds = options.deadline ?? options.window + DEADLINE_MARGIN;
  if (deadlineSeconds <= options.window) {
    return usage(
      `--deadline ${deadlineSeconds} leaves no time after a window of ${options.window} s: a host is dialled, sampled and heard ` +
        `within its deadline. Give more, such as --deadline ${options.window + DEADLINE_MARGIN}`,
    );
  }
  const needless = targets.length > 0 ? [] : SSH_ONLY.filter((name) => program.getOptionValueSource(name) === 'cli');
  if (needless[0] !== undefined) {
    const flag = needless[0].replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
    return usage(
      `--${flag} is for hosts that are reached over SSH, and no TARGET is given. Name one, or leave --${flag} out`,
    );
  }
  const format = (['json', 'ndjson', 'plain'] as const).find((name) => options[name]);
  return {
    kind: 'sweep',
    targets,
    ...(options.user !== undefined && { user: options.user }),
    port: options.port ?? SSH_PORT,
    identities: options.identity ?? [],
    ...(options.knownHosts !== undefined && { knownHosts: options.knownHosts }),
    forks: options.forks,
    windowSeconds: options.window,
    deadlineSeconds,
    privilege: options.privilege,
    args: options.args ?? false,
    ...(format !== undefined && { format }),
    ...(options.failOn !== undefined && { failOn: options.failOn }),
  };
}

function schemaCommand(program: Command, rest: readonly string[]): ParsedCommand {
  const given = program.options.filter((option) => program.getOptionValueSource(option.attributeName()) === 'cli');
  const extra = [...rest, ...given.map((option) => option.long)][0];
  if (extra === undefined) return { kind: 'schema' };
  return usage(
    `'whodisk schema' takes nothing else, and here is '${extra}'.\nFor a host of that name: whodisk sweep schema`,
  );
}

interface Options {
  user?: string;
  port?: number;
  identity?: string[];
  knownHosts?: string;
  forks: number;
  window: number;
  deadline?: number;
  privilege: 'auto' | 'root' | 'user';
  args?: true;
  json?: true;
  ndjson?: true;
  plain?: true;
  failOn?: FailOn;
}

function describe(version: string): Command {
  return new Command('whodisk')
    .usage('[sweep] [TARGET ...] [options]\n       whodisk schema')
    .description(
      'Which host, which disk, which process, through which file, and why.\n' +
        'Nothing is installed on the hosts, and nothing is written there.',
    )
    .argument('[TARGET...]', '[user@]host[:port]; none: this machine, without SSH (Linux only)')
    .option('-l, --user <user>', 'log in as this user where a target names none', text('a user name'))
    .option('-p, --port <port>', 'port where a target names none (default: 22)', whole(1, 65_535))
    .option('--identity <file>', 'private key, may be given again (default: agent, then ~/.ssh/id_*)', collect)
    .option('--known-hosts <file>', 'host keys (default: ~/.ssh/known_hosts and the system-wide file)', text('a file'))
    .addOption(new Option('--forks <n>', 'hosts visited at a time').argParser(whole(1, 100_000)).default(256))
    .addOption(new Option('-w, --window <seconds>', 'sampling window, 1 to 60').argParser(whole(1, 60)).default(5))
    .option(
      '--deadline <seconds>',
      'limit for one host, dial to result (default: window + 10)',
      whole(2, LONGEST_DEADLINE),
    )
    .addOption(
      new Option('--privilege <how>', 'auto: root directly, else sudo -n, else as the user')
        .choices(['auto', 'root', 'user'])
        .default('auto'),
    )
    .option('--args', 'add redacted command lines')
    .addOption(new Option('--json', 'one JSON document').conflicts(['ndjson', 'plain']))
    .addOption(new Option('--ndjson', 'a JSON line for each host as it finishes').conflicts(['json', 'plain']))
    .addOption(new Option('--plain', 'plain text, the default in a pipe').conflicts(['json', 'ndjson']))
    .addOption(new Option('--fail-on <verdict>', 'exit 5 where a host is that bad').choices(Object.keys(FAIL_ON)))
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(true)
    .exitOverride();
}

function whole(least: number, most: number): (given: string) => number {
  return (given) => {
    const value = Number(given);
    if (!/^[0-9]{1,9}$/u.test(given) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

function text(what: string): (given: string) => string {
  return (given) => {
    if (given.trim() === '' || given.startsWith('-')) throw new InvalidArgumentError(`Give ${what}.`);
    return given;
  };
}

function collect(given: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text('a file')(given)];
}

function usage(message: string): ParsedCommand {
  const lines = message.split('\n').map(encodeText);
  return { kind: 'usage', message: `whodisk: ${lines.join('\n  ')}\n  Try: whodisk --help\n` };
}
