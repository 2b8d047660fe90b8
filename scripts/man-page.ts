/** The manual page, whodisk(1), from what `--help` is made of and a few texts; in man(7), which groff and mandoc both read. */
import type { Command, Option } from 'commander';
import { EXAMPLES, EXIT_MEANINGS, type Example } from '../functions/cli/help.ts';
import { describeProgram } from '../functions/cli/options.ts';
import { SUBCOMMAND_MEANS } from '../functions/cli/subcommand-means.ts';

const DESCRIPTION = `whodisk logs in to Linux hosts over SSH, looks at the kernel's own counters for a few seconds, all hosts at once, and names for
each the disk that is saturated, the process that saturates it, the file and the system call, with the evidence beside it. Where nobody can
know it says so. Without a TARGET it looks at this very machine.`;

const FILES: readonly (readonly [file: string, means: string])[] = [
  ['./whodisk.yml, $XDG_CONFIG_HOME/whodisk/whodisk.yml', 'hosts, groups and how they are reached'],
  ['~/.ssh/config, ~/.ssh/known_hosts', 'read as ssh(1) reads them'],
  [
    '$XDG_STATE_HOME/whodisk',
    'what was found, the token of the service, pinned host keys; by default ~/.local/state/whodisk',
  ],
];

const ENVIRONMENT: readonly (readonly [name: string, means: string])[] = [
  ['WHODISK_CONFIG', 'the configuration, where -c does not name it'],
  ['SSH_AUTH_SOCK', 'the agent whose keys are offered'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour in a pipe too'],
];

/** @param version of the package */
export function manPage(version: string): string {
  const program = describeProgram(version);
  const [first = '', ...more] = program.usage().split('\n');
  const lines = [
    '.\\" Made by `npm run man`: change what it is made of instead.',
    `.TH WHODISK 1 "" "whodisk ${text(version)}" "User Commands"`,
    ...section('NAME', 'whodisk \\- which host, which disk, which process, through which file, and why'),
    ...section(
      'SYNOPSIS',
      '.ad l',
      `whodisk ${text(first)}`,
      ...more.flatMap((line) => ['.br', text(line.trim())]),
      '.ad',
    ),
    ...section('DESCRIPTION', ...DESCRIPTION.split('\n').map(text), '.PP', ...targets(program)),
    ...section('COMMANDS', ...Object.entries(SUBCOMMAND_MEANS).flatMap(([name, means]) => item(name, means))),
    ...section('OPTIONS', ...program.createHelp().visibleOptions(program).flatMap(option)),
    ...section('EXIT STATUS', ...EXIT_MEANINGS.flatMap(([status, means]) => item(String(status), means))),
    ...section('ENVIRONMENT', ...ENVIRONMENT.flatMap(([name, means]) => item(name, means))),
    ...section('FILES', ...FILES.flatMap(([file, means]) => item(file, means))),
    ...section('EXAMPLES', ...EXAMPLES.flatMap(example)),
    ...section('SEE ALSO', 'ssh(1), ssh_config(5), iostat(1), pidstat(1), lsof(8)'),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, ...lines: readonly string[]): string[] {
  return [`.SH ${title.includes(' ') ? `"${title}"` : title}`, ...lines];
}

function item(what: string, means: string): string[] {
  return ['.TP', `.B ${text(what)}`, text(means)];
}

function targets(program: Command): string[] {
  return program.registeredArguments.map(({ description }) => text(`A TARGET is ${description}.`));
}

function option({ flags, description, argChoices }: Option): string[] {
  const choices = argChoices === undefined ? '' : `; one of: ${argChoices.join(', ')}`;
  // What is typed in bold, what stands for a value in italics.
  const shown = text(flags).replace(/(^|[\s,])((?:\\-){1,2}[a-zA-Z][a-zA-Z\\-]*)/gu, '$1\\fB$2\\fR');
  const value = shown.replace(/<([^>]+)>|(?<=\[)([^\]]+)/gu, '\\fI$1$2\\fR');
  return ['.TP', value, text(description + choices)];
}

function example({ command, means }: Example, index: number): string[] {
  const apart = index === 0 ? [] : ['.PP'];
  const meant = means === undefined ? [] : [text(`${means}:`)];
  return [...apart, ...meant, '.RS', '.nf', text(command), '.fi', '.RE'];
}

/** groff_char(7): what would be typographic otherwise stays as it is typed; a line must not begin like a request. */
function text(plain: string): string {
  const escaped = plain.replace(/[\\\-'`^~]/gu, (one) => ESCAPES[one] ?? one).replaceAll('"', '\\(dq');
  return /^[.]/u.test(escaped) ? `\\&${escaped}` : escaped;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};
