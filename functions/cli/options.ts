/** Every option of the command line, its limits and its line of help. What it means is for the commands to say. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { SCOPES, type Scope } from '../auth/scope.ts';
import { encodeText } from '../render/encode.ts';
import type { ListenAddress } from './commands.ts';
import { FAIL_ON, type FailOn } from './exit-status.ts';
import { helpAfterOptions } from './help.ts';
import { parseListenAddress } from './listen-address.ts';
import { WATCH_SECONDS } from './watch-words.ts';

/** As given; absent where it was not, so that whodisk.yml may say it. */
export interface Options {
  config?: string;
  inventory?: string[];
  sshConfig?: string;
  user?: string;
  port?: number;
  identity?: string[];
  knownHosts?: string;
  hostKeys?: 'strict' | 'accept-new';
  jump?: string[];
  forks?: number;
  window?: number;
  deadline?: number;
  privilege?: 'auto' | 'root' | 'user';
  args?: true;
  json?: true;
  ndjson?: true;
  plain?: true;
  store?: string;
  state?: string;
  failOn?: FailOn;
  watch?: number;
  listen?: ListenAddress;
  tokenFile?: string;
  load?: true;
  open?: boolean;
  scope?: Scope;
  name?: string;
}

const LONGEST_DEADLINE = 3600;
const MOST_FORKS = 100_000;
const LONGEST_NAME = 100;

/** `helpWidth` is the width for the help text. */
export function describeProgram(version: string): Command {
  return new Command('whodisk')
    .usage(
      [
        '[sweep] [TARGET ...] [options]',
        'whodisk explain HOST | history [HOST] | diff [SWEEP] [SWEEP] | audit',
        'whodisk read FILE...|- [--json|--ndjson|--plain] [--fail-on VERDICT] [--store WHERE]',
        'whodisk serve [--listen ADDR:PORT] [--token-file FILE] [options]',
        'whodisk demo [--load] [--no-open] [-w SECONDS] [--plain]',
        'whodisk token create --scope SCOPE [--name NAME] | list | revoke ID|NAME',
        'whodisk store create --store dynamodb:TABLE | schema [config] | completion bash|zsh|fish',
      ].join('\n       '),
    )
    .description(
      'Which host, which disk, which process, through which file, and why.\n' +
        'Nothing is installed on the hosts, and nothing is written there.',
    )
    .argument(
      '[TARGET...]',
      "a name of the inventory, [user@]host[:port], 'db-[1-20]', @group, @all; none: this machine",
    )
    .option('-c, --config <file>', 'whodisk.yml (default: $WHODISK_CONFIG, ./whodisk.yml, ~/.config)', text('a file'))
    .option(
      '-i, --inventory <file>',
      'hosts and groups: a list, Ansible INI, YAML or JSON; - is stdin',
      collect('a file'),
    )
    .option('-F, --ssh-config <file>', 'ssh configuration (default: ~/.ssh/config)', text('a file'))
    .option('-l, --user <user>', 'log in as this user; a target may name its own', text('a user name'))
    .option('-p, --port <port>', 'port; a target may name its own', whole(1, 65_535))
    .option(
      '--identity <file>',
      'private key, may be given again (default: agent, then ~/.ssh/id_*)',
      collect('a file'),
    )
    .option('--known-hosts <file>', 'host keys (default: ~/.ssh/known_hosts and the system-wide file)', text('a file'))
    .addOption(
      new Option('--host-keys <policy>', 'accept-new: pin the first key seen (default: strict)').choices([
        'strict',
        'accept-new',
      ]),
    )
    .option('-J, --jump <hops>', 'go through [user@]host[:port], several with commas between', hops)
    .option('--forks <n>', 'hosts visited at a time (default: 256)', whole(1, MOST_FORKS))
    .option('-w, --window <seconds>', 'sampling window, 1 to 60 (default: 5)', whole(1, 60))
    .option(
      '--deadline <seconds>',
      'limit for one host, dial to result (default: window + 10)',
      whole(2, LONGEST_DEADLINE),
    )
    .addOption(
      new Option('--privilege <how>', 'auto: root directly, else sudo -n, else as the user').choices([
        'auto',
        'root',
        'user',
      ]),
    )
    .option('--args', 'add redacted command lines')
    .addOption(new Option('--json', 'one JSON document').conflicts(['ndjson', 'plain']))
    .addOption(new Option('--ndjson', 'a JSON line for each host as it finishes').conflicts(['json', 'plain']))
    .addOption(new Option('--plain', 'plain text, the default in a pipe').conflicts(['json', 'ndjson']))
    .option(
      '--store <where>',
      'where findings are kept: a folder, none, dynamodb:TABLE (default: in the state folder)',
      text('a folder, none, or dynamodb:TABLE'),
    )
    .option('--state <folder>', 'store, token, pinned host keys (default: ~/.local/state/whodisk)', text('a folder'))
    .addOption(new Option('--fail-on <verdict>', 'exit 5 where a host is that bad').choices(Object.keys(FAIL_ON)))
    .option(
      '--watch [seconds]',
      `sweep again and again, so long after each other, and show what changes (default: ${WATCH_SECONDS.otherwise})`,
      whole(WATCH_SECONDS.least, WATCH_SECONDS.most),
    )
    .option(
      '--listen <addr:port>',
      'of serve: where it listens; port 0 is any (default: 127.0.0.1:8470)',
      listenAddress,
    )
    .option(
      '--token-file <file>',
      "of serve: an admin's token, made once (default: token in the state folder)",
      text('a file'),
    )
    .option('--load', 'of demo, as root: a disk of its own that is really saturated, on this machine')
    .option('--no-open', 'of demo: open no browser')
    .addOption(new Option('--scope <scope>', 'of token create: what the token may do').choices(SCOPES))
    .option('--name <name>', 'of token create: what it is for (default: your login name)', tokenName)
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', helpAfterOptions())
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

function listenAddress(given: string): ListenAddress {
  const address = parseListenAddress(given);
  if ('problem' in address) throw new InvalidArgumentError(address.problem);
  return address;
}

/** It is shown in lists and in the audit, beside names that others gave. */
function tokenName(given: string): string {
  if (given.trim() === '' || given.startsWith('-')) throw new InvalidArgumentError('Give a name.');
  if (given.length > LONGEST_NAME || encodeText(given) !== given) {
    throw new InvalidArgumentError(`Give a name of at most ${LONGEST_NAME} characters, all of them visible.`);
  }
  return given;
}

function collect(what: string): (given: string, earlier: string[] | undefined) => string[] {
  // A lone "-" is stdin; whether that makes sense is for the command to say.
  return (given, earlier) => [...(earlier ?? []), given === '-' ? given : text(what)(given)];
}

/** As ssh -J: hops in the order in which they are passed through. */
function hops(given: string): string[] {
  const parts = given.split(',').map((hop) => hop.trim());
  if (parts.some((hop) => hop === '' || hop.startsWith('-'))) {
    throw new InvalidArgumentError('Give [user@]host[:port], several with commas between.');
  }
  return parts;
}
