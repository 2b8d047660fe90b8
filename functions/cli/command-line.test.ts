import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommandLine, type SweepCommand } from './command-line.ts';

const parse = (...argv: string[]): ReturnType<typeof parseCommandLine> => parseCommandLine(argv, '1.2.3', 80);
const sweep = (...argv: string[]): SweepCommand => {
  const command = parse(...argv);
  if (command.kind !== 'sweep') throw new Error(JSON.stringify(command));
  return command;
};
const usage = (...argv: string[]): string => {
  const command = parse(...argv);
  if (command.kind !== 'usage') throw new Error(JSON.stringify(command));
  return command.message;
};

test('nothing given is this machine, with the defaults of the manual', () => {
  expect(sweep()).toEqual({
    kind: 'sweep',
    targets: [],
    port: 22,
    identities: [],
    forks: 256,
    windowSeconds: 5,
    deadlineSeconds: 15,
    privilege: 'auto',
    args: false,
  });
  expect(sweep('sweep')).toEqual(sweep());
});

test('every option arrives, before or after the targets and the word sweep', () => {
  const options =
    '-l admin -p 2222 --identity a --identity b --known-hosts k --forks 3 -w 7 --deadline 9 --privilege user';
  const given = [...options.split(' '), '--args', '--ndjson', '--fail-on', 'busy'];
  const expected = {
    kind: 'sweep',
    targets: ['h1', 'root@h2:22'],
    user: 'admin',
    port: 2222,
    identities: ['a', 'b'],
    knownHosts: 'k',
    forks: 3,
    windowSeconds: 7,
    deadlineSeconds: 9,
    privilege: 'user',
    args: true,
    format: 'ndjson',
    failOn: 'busy',
  };
  expect(sweep(...given, 'h1', 'root@h2:22')).toEqual(expected);
  expect(sweep('h1', ...given, 'root@h2:22')).toEqual(expected);
  expect(sweep('sweep', 'h1', 'root@h2:22', ...given)).toEqual(expected);
  expect(sweep(...given, 'sweep', 'h1', 'root@h2:22')).toEqual(expected);
});

test('a host that is called like a command is reached through sweep', () => {
  expect(sweep('sweep', 'demo').targets).toEqual(['demo']);
  expect(sweep('sweep', 'schema').targets).toEqual(['schema']);
  expect(sweep('sweep', 'sweep').targets).toEqual(['sweep']);
  expect(sweep('demo').targets).toEqual(['demo']);
  expect(parse('schema')).toEqual({ kind: 'schema' });
});

test('the deadline follows the window where none is given', () => {
  expect(sweep('-w', '60').deadlineSeconds).toBe(70);
});

test.each([
  [['-w', '0'], /--window.*'0' is invalid.*from 1 to 60/],
  [['-w', '61'], /from 1 to 60/],
  [['-w', '2.5'], /from 1 to 60/],
  [['-w', 'ten'], /from 1 to 60/],
  [['-w', '1e1'], /from 1 to 60/],
  [['-w', '-5'], /from 1 to 60/],
  [['--forks', '0', 'h'], /--forks.*from 1/],
  [['-p', '65536', 'h'], /--port.*from 1 to 65535/],
  [['--deadline', '5'], /--deadline 5 leaves no time after a window of 5 s.*--deadline 15/],
  [['-w', '20', '--deadline', '20'], /--deadline 20 leaves no time/],
  [['--privilege', 'sudo'], /--privilege.*Allowed choices are auto, root, user/],
  [['--fail-on', 'healthy'], /Allowed choices are saturated, busy/],
  [['--json', '--plain'], /cannot be used with option/],
  [['--ndjson', '--json'], /cannot be used with option/],
  [['-l', '', 'h'], /--user.*Give a user name/],
  [['--identity', '-x', 'h'], /--identity.*Give a file/],
  [['--identity'], /--identity.*argument missing/],
  [['--identity', 'k'], /--identity is for hosts that are reached over SSH, and no TARGET is given/],
  [['--known-hosts', 'k'], /--known-hosts is for hosts/],
  [['--jsn'], /unknown option '--jsn'[\s\S]*Did you mean.*--json/],
  [['--trace'], /unknown option '--trace'/],
  [['--store', 'none'], /unknown option '--store'/],
  [['-J', 'h'], /unknown option '-J'/],
  [['shema'], /there is no command 'shema'\. Did you mean 'schema'\?[\s\S]*whodisk sweep shema/],
  [['sweeep', 'h'], /Did you mean 'sweep'/],
  [['schema', 'x'], /takes nothing else, and here is 'x'/],
  [['schema', '--json'], /takes nothing else, and here is '--json'/],
])('%j is refused with what, where and what to do', (argv, message) => {
  expect(usage(...argv)).toMatch(message);
  expect(usage(...argv)).toMatch(/^whodisk: .*\n[\s\S]*Try: whodisk --help\n$/);
});

test('help and version are results, with examples and every option', () => {
  expect(parse('--version')).toEqual({ kind: 'text', text: '1.2.3\n' });
  for (const argv of [['--help'], ['-h'], ['help'], ['sweep', '--help'], ['schema', '--help']]) {
    const command = parse(...argv);
    if (command.kind !== 'text') throw new Error(JSON.stringify(command));
    expect(command.text).toMatch(/Usage: whodisk[\s\S]*--fail-on[\s\S]*Examples:[\s\S]*Exit status:/);
  }
});

test('whatever is typed, the answer is a command or a message, never an exception or a raw control character', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '-w',
      '5',
      '--json',
      '--',
      'sweep',
      'schema',
      '--identity',
      '-l',
      '--deadline=7',
      '-p22',
      '\u001b[2J',
      '--\u001b',
    ),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      const command = parse(...argv);
      if (command.kind === 'usage') expect(command.message.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    }),
  );
});
