import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateSshConfig, withoutComment } from '../../runner/ssh/config/evaluate.ts';
import { readSshConfig } from '../../runner/ssh/config/files.ts';
import { isYes, secondsOfTime } from '../../runner/ssh/config/options.ts';
import { settleDestination } from '../../runner/ssh/settle-destination.ts';
import type { SettlingSweep } from '../../runner/ssh/wanted-host.ts';
import { BROKEN, CASES, type SshConfigCase } from '../fixtures/ssh-config/cases.ts';
import { needs } from '../needs.ts';

const need = needs('openssh-client');
const { username: user, homedir: homeDirectory, uid } = userInfo();
const env = { ...process.env, WHODISK_KEYS: '/keys/of whodisk', WHODISK_AGENT: '/run/agent.sock' };
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-ssh-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

function writeConfig(config: string, files: Record<string, string> = {}): string {
  const place = join(folder, String(count++));
  for (const [name, text] of Object.entries({ config, ...files })) {
    mkdirSync(dirname(join(place, name)), { recursive: true, mode: 0o755 });
    writeFileSync(join(place, name), text.replaceAll('@/', `${place}/`));
    chmodSync(join(place, name), name === 'writable' ? 0o666 : 0o600);
  }
  return join(place, 'config');
}

function ssh(file: string, { host, user: login, port, address }: Partial<SshConfigCase>) {
  const options = [
    ...(login === undefined ? [] : ['-l', login]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(address === undefined ? [] : ['-o', `HostName=${address}`]),
  ];
  return spawnSync('ssh', ['-G', '-F', file, ...options, host ?? 'db1'], { encoding: 'utf8', env });
}

type Compared = Record<string, string | string[]>;

function ofSsh(output: string): Compared {
  const values = (key: string) =>
    output.split('\n').flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const value = (key: string) => values(key)[0] ?? '';
  const agent = value('identityagent');
  return {
    hostname: value('hostname'),
    user: value('user'),
    port: value('port'),
    identityfile: values('identityfile'),
    identitiesonly: value('identitiesonly'),
    // ssh resolves what begins with "$" when it needs the agent, later than it prints it.
    identityagent: agent.startsWith('$')
      ? ((env as Record<string, string>)[agent.slice(1)] ?? '')
      : agent.replace('SSH_AUTH_SOCK', ''),
    hostkeyalias: value('hostkeyalias'),
    userknownhostsfile: value('userknownhostsfile'),
    globalknownhostsfile: value('globalknownhostsfile'),
    // An address is printed in brackets even where nobody wrote them.
    proxyjump: value('proxyjump').replace('ssh://', ''),
    proxycommand: value('proxycommand'),
    addressfamily: value('addressfamily'),
    connecttimeout: value('connecttimeout'),
  };
}

let defaults: Compared;
let hostName = '';
beforeAll(() => {
  if (need.skip) return;
  defaults = ofSsh(ssh('none', { host: 'db1' }).stdout);
  hostName = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim();
});

async function ofOurs(
  file: string,
  { host = 'db1', user: login, port, address }: Partial<SshConfigCase>,
): Promise<Compared | string> {
  const sshConfig = await readSshConfig({ file, homeDirectory, user });
  const sweep: SettlingSweep = {
    sshConfig,
    user,
    homeDirectory,
    env,
    uid,
    hostName,
    commandLine: { ...(login !== undefined && { user: login }), ...(port !== undefined && { port }) },
  };
  const settled = settleDestination({ host, ...(address !== undefined && { settings: { address } }) }, sweep);
  const answer = evaluateSshConfig(sshConfig, { name: host, address, user: login, port, localUser: user });
  if ('failure' in settled) return settled.failure.message;
  if (answer.kind === 'refused') return answer.message;
  const { destination } = settled;
  const words = (key: Parameters<typeof answer.settings.get>[0]) => answer.settings.get(key)?.words ?? [];
  const own = words('userknownhostsfile').length;
  const isNone = words('userknownhostsfile')[0]?.toLowerCase() === 'none';
  const files = destination.knownHostsFiles;
  const ownCount = own === 0 ? 2 : isNone ? 0 : own;
  const jump = withoutComment(answer.settings.get('proxyjump')?.rest ?? '');
  return {
    hostname: destination.host,
    user: destination.user,
    port: String(destination.port),
    identityfile:
      answer.identityFiles.length === 0
        ? (defaults['identityfile'] ?? '')
        : answer.identityFiles.map((setting) => setting.words[0] ?? ''),
    identitiesonly: isYes(words('identitiesonly')) ? 'yes' : 'no',
    identityagent: destination.identityAgent ?? '',
    hostkeyalias: destination.hostKeyAlias ?? '',
    userknownhostsfile:
      files === undefined ? (defaults['userknownhostsfile'] ?? '') : files.slice(0, ownCount).join(' ') || 'none',
    globalknownhostsfile:
      files === undefined ? (defaults['globalknownhostsfile'] ?? '') : files.slice(ownCount).join(' ') || 'none',
    proxyjump: destination.via.kind === 'jump' ? jump.replace('ssh://', '') : '',
    proxycommand:
      destination.via.kind === 'command'
        ? (answer.settings.get('proxycommand')?.rest.replace(/^[\s=]+/, '') ?? '')
        : '',
    addressfamily: words('addressfamily')[0]?.toLowerCase() ?? 'any',
    connecttimeout:
      words('connecttimeout')[0] === undefined ? 'none' : String(secondsOfTime(words('connecttimeout')[0] ?? '')),
  };
}

describe.skipIf(need.skip)('ssh_config as ssh -G reads it', () => {
  test.each(CASES)('$about', async (each) => {
    const file = writeConfig(each.config, each.files);
    const theirs = ssh(file, each);
    expect(theirs.stderr.replace(/^Pseudo-terminal.*\r?\n/, '')).toBe('');
    expect(await ofOurs(file, each)).toEqual(ofSsh(theirs.stdout));
  });

  test.each(BROKEN)('ssh stops at $about, and each host fails that says where', async ({ config, files }) => {
    const file = writeConfig(config, files);
    expect(ssh(file, {}).status).not.toBe(0);
    const message = await ofOurs(file, {});
    expect(message).toBeTypeOf('string');
    expect(message).toContain(dirname(file));
  });
});

/** Generated files: every combination that nobody thought of. */
describe.skipIf(need.skip)('generated configurations', () => {
  const name = fc.constantFrom('db1', 'db2', 'web', 'db1.example', 'a.b.example');
  const pattern = fc.constantFrom('*', 'd*', 'db?', '*.example', 'db1', 'web', '!db1', '!*.example', '?', '!d*');
  const option = fc.constantFrom(
    'Port 1',
    'Port = 2',
    'User a',
    'User "b"',
    'HostName db2',
    'HostName %h.example',
    'IdentityFile /a',
    'IdentityFile /b',
    'ProxyJump none',
    'ProxyJump x',
    'ProxyCommand nc %h %p',
    'ProxyCommand none',
    'HostKeyAlias A',
    'IdentitiesOnly yes',
    'AddressFamily inet',
    'ConnectTimeout 3',
    'UserKnownHostsFile /k /%n',
    '# nothing',
  );
  const list = fc.array(pattern, { minLength: 1, maxLength: 3 });
  const criterion = fc.oneof(
    fc.tuple(
      fc.constantFrom('host', '!host', 'originalhost', '!originalhost'),
      list.map((each) => each.join(',')),
    ),
    fc.tuple(fc.constantFrom('user', '!user'), fc.constantFrom('a', 'b', 'root', '*', '!a,*')),
    fc.tuple(fc.constantFrom('final', 'canonical', '!final'), fc.constant('')),
  );
  const head = fc.oneof(
    list.map((each) => `Host ${each.join(' ')}`),
    fc.array(criterion, { minLength: 1, maxLength: 3 }).map((each) => `Match ${each.flat().join(' ')}`),
    fc.constantFrom('Match all', 'Match final all'),
  );
  const block = fc
    .tuple(head, fc.array(option, { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest].join('\n  '));
  // The jump host must not be reached through itself, which ssh -G would not tell.
  const config = fc
    .array(block, { maxLength: 6 })
    .map((blocks) => `Host x\n  ProxyJump none\n  HostName jump.invalid\n${blocks.join('\n')}\n`);

  test('mean the same to ssh', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(config, name, async (text, host) => {
        const file = writeConfig(text);
        expect(await ofOurs(file, { host })).toEqual(ofSsh(ssh(file, { host }).stdout));
      }),
      { numRuns: 300 },
    );
  });
});
