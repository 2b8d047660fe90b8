import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newToken } from '../auth/token.ts';
import { parseCommandLine } from './command-line.ts';
import type { SweepCommand } from './commands.ts';

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

test('nothing given is this machine, and leaves everything to whodisk.yml and the defaults', () => {
  expect(sweep()).toEqual({ kind: 'sweep', targets: [], inventories: [], identities: [], args: false });
  expect(sweep('sweep')).toEqual(sweep());
});

test('every option arrives, before or after the targets and the word sweep', () => {
  const options =
    '-l admin -p 2222 --identity a --identity b --known-hosts k --forks 3 -w 7 --deadline 9 --privilege user';
  const places =
    '-c whodisk.yml -i hosts.ini -i - -F ssh -J root@a:2222,b --host-keys accept-new --store none --state s';
  const given = [...options.split(' '), ...places.split(' '), '--args', '--ndjson', '--fail-on', 'busy'];
  const expected = {
    kind: 'sweep',
    targets: ['h1', 'root@h2:22'],
    config: 'whodisk.yml',
    inventories: ['hosts.ini', '-'],
    sshConfig: 'ssh',
    jump: ['root@a:2222', 'b'],
    hostKeys: 'accept-new',
    store: 'none',
    state: 's',
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
  expect(parse('demo').kind).toBe('demo');
  expect(parse('schema')).toEqual({ kind: 'schema', of: 'report' });
});

test('a completion script asks with any words, and only so: a host may be called complete', () => {
  expect(parse('complete', 'bash', '--', 'whodisk --no-such ', '')).toEqual({
    kind: 'complete',
    shell: 'bash',
    words: ['whodisk --no-such ', ''],
  });
  expect(parse('complete', 'zsh', '--', 'a\nb', '-----BEGIN').kind).toBe('complete');
  expect(sweep('sweep', 'complete').targets).toEqual(['complete']);
  expect(parse('completion', 'fish')).toEqual({ kind: 'completion', shell: 'fish' });
});

test('what is stored is looked at by commands of their own', () => {
  expect(parse('explain', 'db-7')).toEqual({ kind: 'explain', host: 'db-7' });
  expect(parse('--json', 'explain', 'db-7', '--state', 's')).toEqual({
    kind: 'explain',
    host: 'db-7',
    state: 's',
    format: 'json',
  });
  expect(parse('history')).toEqual({ kind: 'history' });
  expect(parse('history', 'db-7', '--plain')).toEqual({ kind: 'history', host: 'db-7', format: 'plain' });
  expect(parse('diff', 'a', 'b', '--store', 'dynamodb:t')).toEqual({
    kind: 'diff',
    sweeps: ['a', 'b'],
    store: 'dynamodb:t',
  });
  expect(parse('store', 'create', '--store', 'dynamodb:t')).toEqual({ kind: 'store-create', table: 't' });
  expect(parse('schema', 'config')).toEqual({ kind: 'schema', of: 'config' });
});

test('a service listens where it is told to, on loopback by default, and takes what a sweep takes for the way to its hosts', () => {
  const bare = { kind: 'serve', inventories: [], identities: [], isJson: false } as const;
  expect(parse('serve')).toEqual({ ...bare, listen: { host: '127.0.0.1', port: 8470 } });
  expect(
    parse(
      'serve',
      '--listen',
      '[::1]:0',
      '--token-file',
      't',
      '--json',
      '-i',
      'hosts',
      '--identity',
      'k',
      '--forks',
      '9',
    ),
  ).toEqual({
    ...bare,
    listen: { host: '::1', port: 0 },
    tokenFile: 't',
    isJson: true,
    inventories: ['hosts'],
    identities: ['k'],
    forks: 9,
  });
  expect(parse('serve', '--listen', '0.0.0.0:80')).toMatchObject({ listen: { host: '0.0.0.0', port: 80 } });
  expect(parse('serve', '--listen', 'localhost:80')).toMatchObject({ listen: { host: 'localhost', port: 80 } });
});

test('a demo opens a browser unless it is told not to, and takes nothing of a fleet', () => {
  expect(parse('demo')).toEqual({ kind: 'demo', hasLoad: false, open: true, isPlain: false });
  expect(parse('demo', '--load', '--no-open', '--plain', '-w', '2')).toEqual({
    kind: 'demo',
    hasLoad: true,
    open: false,
    isPlain: true,
    windowSeconds: 2,
  });
});

test('tokens are made, listed and revoked; the audit is looked at', () => {
  expect(parse('token', 'create', '--scope', 'run', '--name', 'grafana', '--state', 's')).toEqual({
    kind: 'token-create',
    scope: 'run',
    name: 'grafana',
    state: 's',
  });
  expect(parse('token', 'create', '--scope', 'read')).toEqual({ kind: 'token-create', scope: 'read' });
  expect(parse('token', 'list', '--json')).toEqual({ kind: 'token-list', format: 'json' });
  expect(parse('token', 'revoke', 'grafana')).toEqual({ kind: 'token-revoke', token: 'grafana' });
  expect(parse('audit')).toEqual({ kind: 'audit' });
  expect(parse('audit', '--json', '--store', 'dynamodb:t')).toEqual({
    kind: 'audit',
    store: 'dynamodb:t',
    format: 'json',
  });
});

test('a token that is typed where none belongs is not repeated', () => {
  const token = newToken();
  for (const argv of [
    ['token', 'list', token],
    ['token', 'revoke', 'a', token],
    ['token', token],
  ]) {
    expect(usage(...argv)).not.toContain(token);
  }
});

test('an inventory alone is a sweep of all its hosts, over SSH', () => {
  expect(sweep('-i', '-', '-l', 'root')).toMatchObject({ targets: [], inventories: ['-'], user: 'root' });
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
  [['-J', 'h'], /--jump is for hosts that are reached over SSH/],
  [['-J', 'a,,b', 'h'], /--jump.*several with commas between/],
  [['--host-keys', 'no', 'h'], /Allowed choices are strict, accept-new/],
  [['-i', '-', '-i', '-'], /-i - is stdin, which can be read only once/],
  [['-i', '--json'], /--inventory.*Give a file/],
  [['explain'], /'whodisk explain' wants a HOST[\s\S]*whodisk explain db-7/],
  [['explain', 'a', 'b'], /takes one HOST, and here is 'b'[\s\S]*whodisk sweep explain/],
  [['history', 'a', 'b'], /takes one HOST at most, and here is 'b'/],
  [['diff', 'a', 'b', 'c'], /takes two SWEEPs at most, and here is 'c'/],
  [['diff', '--window', '3'], /'whodisk diff' takes no --window/],
  [['history', '-i', 'hosts'], /'whodisk history' takes no --inventory/],
  [['store'], /whodisk store create --store dynamodb:TABLE/],
  [['store', 'create'], /the embedded store makes itself/],
  [['explian', 'h'], /Did you mean 'explain'/],
  [['shema'], /there is no command 'shema'\. Did you mean 'schema'\?[\s\S]*whodisk sweep shema/],
  [['sweeep', 'h'], /Did you mean 'sweep'/],
  [['schema', 'x'], /takes nothing else, or the word config, and here is 'x'/],
  [['serve', 'db-1'], /'whodisk serve' takes no TARGET, and here is 'db-1'[\s\S]*whodisk sweep serve/],
  [['serve', '--args'], /'whodisk serve' takes no --args/],
  [['serve', '--fail-on', 'busy'], /takes no --fail-on/],
  [['serve', '-i', '-'], /a service reads its inventory for each sweep: name a file/],
  [['serve', '--listen', '8470'], /--listen.*Give the address too: 127\.0\.0\.1:8470/],
  [['serve', '--listen', '99999'], /Give an address and a port/],
  [['serve', '--listen', ':8470'], /Give the address too: 127\.0\.0\.1:8470, or 0\.0\.0\.0:8470/],
  [['serve', '--listen', '::1'], /in brackets, and a port behind it: \[::1\]:8470/],
  [['serve', '--listen', '[127.0.0.1]:80'], /In brackets stands an IPv6 address/],
  [['serve', '--listen', '127.0.0.1:65536'], /A port is a number from 0 to 65535/],
  [['serve', '--listen', 'db-1:80'], /not a name/],
  [['serve', '--listen', '127.0.0.1'], /Give an address and a port/],
  [['--listen', '127.0.0.1:0', 'db-1'], /a sweep takes no --listen: it is an option of whodisk serve/],
  [['--scope', 'read', 'db-1'], /a sweep takes no --scope: it is an option of whodisk token create/],
  [['demo', 'db-1'], /'whodisk demo' takes no TARGET, and here is 'db-1'[\s\S]*whodisk sweep demo/],
  [['demo', '-i', 'hosts'], /'whodisk demo' takes no --inventory/],
  [['demo', '--state', 's'], /'whodisk demo' takes no --state/],
  [['--load', 'db-1'], /a sweep takes no --load: it is an option of whodisk demo/],
  [['--no-open', 'db-1'], /a sweep takes no --no-open: it is an option of whodisk demo/],
  [['completion'], /'whodisk completion' wants the name of a shell, bash, zsh, fish[\s\S]*whodisk sweep completion/],
  [['completion', 'zhs'], /wants the name of a shell, bash, zsh, fish\. Did you mean 'zsh'\?\n/],
  [['completion', 'tcsh'], /wants the name of a shell/],
  [['completion', 'bash', 'zsh'], /'whodisk completion' takes one shell, and here is 'zsh'/],
  [['completion', 'bash', '--json'], /'whodisk completion' takes no --json/],
  [['serv'], /Did you mean 'serve'/],
  [['audit', 'x'], /'whodisk audit' takes nothing else, and here is 'x'/],
  [['audit', '--ndjson'], /'whodisk audit' takes no --ndjson/],
  [['token'], /wants to know what to do:\n {2}whodisk token create --scope read\|run\|admin/],
  [['token', 'craete'], /there is no 'whodisk token craete'\. Did you mean 'create'/],
  [['token', 'create'], /wants a scope: --scope read .*--scope run .*--scope admin/],
  [['token', 'create', '--scope', 'root'], /--scope.*Allowed choices are read, run, admin/],
  [['token', 'create', 'x', '--scope', 'run'], /a name is given by --name/],
  [['token', 'create', '--scope', 'run', '--name', ''], /--name.*Give a name/],
  [['token', 'create', '--scope', 'run', '--name', 'a\u202eb'], /at most 100 characters, all of them visible/],
  [['token', 'create', '--scope', 'run', '--json'], /'whodisk token create' takes no --json/],
  [['token', 'revoke'], /wants an id or a name/],
  [['token', 'revoke', 'a', 'b'], /takes one token, and here is 'b'/],
  [['token', 'list', 'a'], /takes nothing else, and here is 'a'/],
  [['schema', '--json'], /'whodisk schema' takes no --json/],
])('%j is refused with what, where and what to do', (argv, message) => {
  expect(usage(...argv)).toMatch(message);
  expect(usage(...argv)).toMatch(/^whodisk: .*\n[\s\S]*Try: whodisk --help\n$/);
});

test('a private key, or a word of several lines, is refused and never repeated', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----\n';
  const line = `hunter2${'aB1'.repeat(30)}`;
  for (const argv of [
    [key],
    ['--', key],
    ['--identity', key],
    [`--identity=${key}`],
    ['-w', key],
    ['db1', '-l', `x\n${key}`],
    ['explain', 'a', key],
    ['a\nhunter2'],
    ['-i', 'hunter2b3BlbnNzaC1rZXktdjEAAAAABG5vbmU'],
    ['-w', line],
    [`--window=${line}`],
    [`--${line}`],
    ['explain', 'a', line],
  ]) {
    expect(usage(...argv)).not.toContain('hunter2');
  }
  expect(usage('--identity', key)).toContain(
    'word 2 of the command line holds a private key: name each host by itself, and a key by its file',
  );
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
