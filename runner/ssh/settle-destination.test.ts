import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sshConfigOf } from '../../test/fixtures/ssh-config/read-text.ts';
import type { Destination } from './destination.ts';
import { settleDestination } from './settle-destination.ts';
import type { SettlingSweep, WantedHost } from './wanted-host.ts';

interface Told {
  readonly config?: string;
  readonly commandLine?: SettlingSweep['commandLine'];
  readonly settings?: WantedHost['settings'];
  /** What the inventory says of jump hosts, by name. */
  readonly hops?: Readonly<Record<string, NonNullable<WantedHost['settings']> & { readonly problem?: string }>>;
}

async function settle(
  host: string,
  { config = '', commandLine = {}, settings, hops = {} }: Told = {},
  written: Partial<WantedHost> = {},
) {
  const sweep: SettlingSweep = {
    sshConfig: await sshConfigOf(config),
    user: 'me',
    homeDirectory: '/home/me',
    env: { KEYS: '/keys', AGENT: '/run/agent' },
    uid: 1000,
    hostName: 'desk.example',
    commandLine,
    inventoryOf: (name) => {
      const { problem, ...own } = hops[name] ?? {};
      if (hops[name] === undefined) return undefined;
      return { settings: own, ...(problem !== undefined && { problem }) };
    },
  };
  return settleDestination({ host, ...written, ...(settings !== undefined && { settings }) }, sweep);
}

async function destination(...args: Parameters<typeof settle>): Promise<Destination> {
  const settled = await settle(...args);
  if ('failure' in settled) throw new Error(settled.failure.message);
  return settled.destination;
}

async function refusal(...args: Parameters<typeof settle>): Promise<string> {
  const settled = await settle(...args);
  if ('destination' in settled) throw new Error(`settled: ${JSON.stringify(settled.destination)}`);
  expect(settled.failure).toMatchObject({ phase: 'connect', kind: 'unsupported-setting' });
  return settled.failure.message;
}

/** `user@host:port` of each hop, the first one that is dialled first. */
function way({ via, user, host, port }: Destination): string {
  const here = `${user}@${host}:${port}`;
  if (via.kind === 'direct') return here;
  return via.kind === 'jump' ? `${way(via.hop)} > ${here}` : `(${via.command}) > ${here}`;
}

describe('who says user, port and address', () => {
  const config = 'Host db1\n  User configured\n  Port 2201\n  HostName configured.example\n';
  const settings = { user: 'inventoried', port: 2202, address: '10.0.0.1' };
  const commandLine = { user: 'ordered', port: 2203 };

  test('nobody: the login name and port 22', async () => {
    expect(way(await destination('DB1'))).toBe('me@db1:22');
  });
  test('ssh_config', async () => {
    expect(way(await destination('db1', { config }))).toBe('configured@configured.example:2201');
  });
  test('the inventory goes before ssh_config', async () => {
    expect(way(await destination('db1', { config, settings }))).toBe('inventoried@10.0.0.1:2202');
  });
  test('the command line goes before the inventory', async () => {
    expect(way(await destination('db1', { config, settings, commandLine }))).toBe('ordered@10.0.0.1:2203');
  });
  test('the target itself goes before all', async () => {
    const written = { user: 'written', port: 2204 };
    expect(way(await destination('db1', { config, settings, commandLine }, written))).toBe('written@10.0.0.1:2204');
  });
});

describe('jump hosts', () => {
  test('each is known to ssh_config by its own name; -l and -p are not for them', async () => {
    const config = 'Host gate\n  HostName gate.example\n  User g\n  Port 2222\n  IdentityFile ~/.ssh/gate\n';
    const commandLine = { user: 'root', port: 23, jump: ['gate,other@inner:24'] };
    const settled = await destination('db1', { config, commandLine });
    expect(way(settled)).toBe('g@gate.example:2222 > other@inner:24 > root@db1:23');
    expect(settled.via).toMatchObject({ hop: { via: { hop: { identityFiles: ['/home/me/.ssh/gate'] } } } });
  });

  test('only the first is reached as its own settings say', async () => {
    const config = 'Host a\n  ProxyJump before-a\nHost b\n  ProxyJump before-b\nHost db1\n  ProxyJump a,b\n';
    expect(way(await destination('db1', { config }))).toBe('me@before-a:22 > me@a:22 > me@b:22 > me@db1:22');
  });

  test('the first may be reached through a ProxyCommand', async () => {
    const config = 'Host a\n  ProxyCommand connect %h:%p\nHost db1\n  ProxyJump a\n';
    expect(way(await destination('db1', { config }))).toBe('(connect a:22) > me@a:22 > me@db1:22');
  });

  test('the command line goes before the inventory, that before ssh_config', async () => {
    const config = 'Host db1\n  ProxyJump c\n';
    const settings = { jump: ['i'] };
    expect(way(await destination('db1', { config }))).toContain('me@c:22 >');
    expect(way(await destination('db1', { config, settings }))).toBe('me@i:22 > me@db1:22');
    expect(way(await destination('db1', { config, settings, commandLine: { jump: ['j'] } }))).toBe(
      'me@j:22 > me@db1:22',
    );
  });

  test.each([
    ['an empty list in the inventory', { settings: { jump: [] } }],
    ['ProxyCommand none in the inventory', { settings: { proxyCommand: 'none' } }],
    ['--jump none', { commandLine: { jump: ['none'] } }],
  ])('%s dials directly', async (_what, told) => {
    expect(way(await destination('db1', { config: 'Host db1\n  ProxyJump c\n', ...told }))).toBe('me@db1:22');
  });

  test('tokens of ProxyJump are those of the host that is reached', async () => {
    const config = 'Host db1\n  HostName db1.far\n  ProxyJump %r@gate-%n:2222\n';
    expect(way(await destination('db1', { config }, { user: 'x' }))).toBe('x@gate-db1:2222 > x@db1.far:22');
  });

  test('a jump host to which its own rule applies is a failure that says how to mend it', async () => {
    const config = 'Host *\n  ProxyJump gate\n';
    const mend =
      /config line 2: ProxyJump: the way to "gate" leads in a circle, by way of "gate": write "ProxyJump none" in a "Host gate" block above that line/;
    expect(await refusal('gate', { config })).toMatch(mend);
    expect(await refusal('web', { config })).toMatch(mend);
    const mended = `Host gate\n  ProxyJump none\n${config}`;
    expect(way(await destination('gate', { config: mended }))).toBe('me@gate:22');
    expect(way(await destination('web', { config: mended }))).toBe('me@gate:22 > me@web:22');
  });

  test('a circle of several, and one under another name', async () => {
    expect(
      await refusal('a', { config: 'Host a\n  ProxyJump b\nHost b\n  ProxyJump c\nHost c\n  ProxyJump a\n' }),
    ).toContain('circle');
    const config = 'Host gate\n  HostName 10.0.0.1\nHost 10.0.0.1\n  ProxyJump gate\n';
    expect(await refusal('10.0.0.1', { config })).toContain('circle');
    expect(await refusal('gate', { commandLine: { jump: ['gate'] } })).toContain('sweep it without --jump');
  });

  test('the same machine on another port is no circle', async () => {
    const config = 'Host inner\n  HostName gate\n  Port 2222\n  ProxyJump gate\n';
    expect(way(await destination('inner', { config }))).toBe('me@gate:22 > me@gate:2222');
  });

  test('eight are passed, nine are a mistake', async () => {
    const hops = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    expect(way(await destination('db1', { commandLine: { jump: hops } })).split('>')).toHaveLength(9);
    expect(await refusal('db1', { commandLine: { jump: [...hops, 'i'] } })).toContain('more than 8 jump hosts');
    const config = Array.from({ length: 20 }, (_, i) => `Host h${i}\n  ProxyJump h${i + 1}\n`).join('');
    expect(await refusal('h0', { config })).toContain('more than 8 jump hosts');
  });

  test('what cannot be honoured on the way fails the host, and names the jump host', async () => {
    const config = 'Host gate\n  BindAddress 10.0.0.1\nHost db1\n  ProxyJump gate\n';
    expect(await refusal('db1', { config })).toMatch(/^Jump host "gate": .*config line 2: BindAddress/);
  });

  test.each(['-x', 'a b', 'x;y', '$(id)', 'a@@b:x', '', 'gate:0', 'ssh://u%0a@gate'])(
    '%j is no jump host',
    async (hop) => {
      expect(await refusal('db1', { commandLine: { jump: [hop] } })).toContain('jump host');
    },
  );

  test('a URI is read', async () => {
    expect(way(await destination('db1', { commandLine: { jump: ['ssh://u%2ex;a=b@gate:2222/'] } }))).toBe(
      'u.x@gate:2222 > me@db1:22',
    );
  });
});

describe('what the inventory says of a jump host', () => {
  const config = 'Host bastion\n  HostName configured.example\n  User configured\n  Port 2201\n  IdentityFile /conf\n';
  const bastion = {
    address: '10.0.0.9',
    port: 2222,
    user: 'jump',
    identityFiles: ['/own'],
    hostKeys: ['ssh-ed25519 AAAA'],
  };
  const jump = ['bastion'];

  test('goes before ssh_config: address, user, port, keys and pins', async () => {
    const settled = await destination('db1', { config, settings: { jump }, hops: { bastion } });
    expect(way(settled)).toBe('jump@10.0.0.9:2222 > me@db1:22');
    expect(settled.via).toMatchObject({ hop: { identityFiles: ['/own', '/conf'], pins: bastion.hostKeys } });
  });

  test('goes behind what is written in the hop itself, wherever that stands', async () => {
    const hops = { bastion };
    for (const told of [{ settings: { jump: ['x@bastion:23'] } }, { commandLine: { jump: ['x@bastion:23'] } }]) {
      expect(way(await destination('db1', { config, hops, ...told }))).toBe('x@10.0.0.9:23 > me@db1:22');
    }
    const named = `${config}Host db1\n  ProxyJump x@bastion\n`;
    expect(way(await destination('db1', { config: named, hops }))).toBe('x@10.0.0.9:2222 > me@db1:22');
  });

  test('is not overruled by -l, -p and --identity', async () => {
    const commandLine = { user: 'root', port: 24, identities: ['/mine'] };
    const settled = await destination('db1', { settings: { jump }, hops: { bastion }, commandLine });
    expect(way(settled)).toBe('jump@10.0.0.9:2222 > root@db1:24');
    expect(settled.via).toMatchObject({ hop: { identityFiles: ['/own'] } });
  });

  test('leads to it by jump hosts of its own, as far as it is the first', async () => {
    const hops = { a: { jump: ['before-a'] }, b: { jump: ['before-b'] } };
    expect(way(await destination('db1', { settings: { jump: ['a', 'b'] }, hops }))).toBe(
      'me@before-a:22 > me@a:22 > me@b:22 > me@db1:22',
    );
    const direct = { config: 'Host a\n  ProxyJump c\n', settings: { jump: ['a'] }, hops: { a: { jump: [] } } };
    expect(way(await destination('db1', direct))).toBe('me@a:22 > me@db1:22');
    const proxied = { settings: { jump: ['a'] }, hops: { a: { proxyCommand: 'nc %h %p' } } };
    expect(way(await destination('db1', proxied))).toBe('(nc a 22) > me@a:22 > me@db1:22');
  });

  test('is for the others where it is a jump host of a group that it is in itself', async () => {
    const hops = { gate: { jump: ['root@Gate:22'] } };
    expect(way(await destination('db1', { settings: { jump: ['gate'] }, hops }))).toBe('me@gate:22 > me@db1:22');
  });

  test('may lead in no circle and through no more than eight', async () => {
    const circle = { a: { jump: ['b'] }, b: { jump: ['a'] } };
    expect(await refusal('db1', { settings: { jump: ['a'] }, hops: circle })).toContain('circle');
    const chain = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`h${i}`, { jump: [`h${i + 1}`] }]));
    expect(await refusal('db1', { settings: { jump: ['h0'] }, hops: chain })).toContain('more than 8 jump hosts');
  });

  test('may be why it is not dialled, and then nor is the host', async () => {
    const problem = 'its ansible_connection is no ssh.';
    expect(await refusal('db1', { settings: { jump }, hops: { bastion: { ...bastion, problem } } })).toBe(
      `Jump host "bastion": ${problem}`,
    );
    const both = { bastion: { jump: ['a'], proxyCommand: 'nc %h %p' } };
    expect(await refusal('db1', { settings: { jump }, hops: both })).toContain('Jump host "bastion": ');
  });
});

describe('an address that is a name', () => {
  const config = [
    'Host alias1',
    '  HostName real.example',
    '  User aliased',
    'Host db1',
    '  HostName other.example',
    '  Port 2222',
    'Host *.corp',
    '  HostName %h.example',
    '',
  ].join('\n');
  const settings = { address: 'Alias1' };

  test('is dialled as ssh would dial it: HostName of what matches it applies, and tokens are its own', async () => {
    expect(way(await destination('db1', { config, settings: { address: 'alias1' } }))).toBe(
      'aliased@real.example:2222',
    );
    expect(way(await destination('db1', { config, settings: { address: 'x.corp' } }))).toBe('me@x.corp.example:2222');
    expect(way(await destination('db1', { config, settings: { address: 'plain.example' } }))).toBe(
      'me@plain.example:2222',
    );
    expect(
      way(
        await destination('db1', { config: `${config}Host 10.*\n  HostName no\n`, settings: { address: '10.0.0.1' } }),
      ),
    ).toBe('me@10.0.0.1:2222');
  });

  test('is dialled where what else its block says is settled otherwise, and not where HostName cannot be known', async () => {
    const keyed = 'Host alias1\n  HostName real.example\n  ProxyCommand -\n';
    expect(way(await destination('db1', { config: keyed, settings: { address: 'alias1', jump: [] } }))).toBe(
      'me@real.example:22',
    );
    const unknowable = 'Match exec true host alias1\n  HostName real.example\n';
    expect(await refusal('db1', { config: unknowable, settings: { address: 'alias1' } })).toContain('HostName');
  });

  test('is compared with patterns as it is written, as ssh does', async () => {
    expect(way(await destination('db1', { config, settings }))).toBe('me@alias1:2222');
  });
});

describe('a ProxyCommand', () => {
  const config =
    'Host db1\n  HostName DB.Example\n  Port 24\n  ProxyCommand nc -x "proxy:1" %h %p %r %n %% # to the end\n';

  test('is expanded and otherwise kept as it stands', async () => {
    const { via } = await destination('db1', { config }, { user: 'x' });
    expect(via).toEqual({ kind: 'command', command: 'nc -x "proxy:1" db.example 24 x db1 % # to the end' });
  });

  test('of the inventory goes before ssh_config', async () => {
    const { via } = await destination('db1', { config, settings: { proxyCommand: 'ssh -W %h:%p gate' } });
    expect(via).toEqual({ kind: 'command', command: 'ssh -W db.example:24 gate' });
  });

  test('may be given a name that no name server has', async () => {
    const aws = 'Host i-*\n  HostName compute.1234567890\n  ProxyCommand aws ssm start-session --target %n\n';
    expect(way(await destination('i-0abc', { config: aws }))).toBe(
      '(aws ssm start-session --target i-0abc) > me@compute.1234567890:22',
    );
  });

  test.each(['$(id)', 'a;b', 'a b', '`id`', '-oProxyCommand=x', "a'b", 'a\nb', 'a|b'])(
    'is never given the host %j',
    async (host) => {
      expect(await refusal(host, { config: 'ProxyCommand nc %h\n' })).toMatch(/a shell would read/);
      expect(await refusal('db1', { config: 'ProxyCommand nc %h\n', settings: { address: host } })).toMatch(
        /a shell would read/,
      );
    },
  );

  test('is never given a user that a shell would read', async () => {
    expect(await refusal('db1', { config: 'ProxyCommand nc %r\n', settings: { user: 'x;id' } })).toContain(
      'a shell would read',
    );
  });

  test.each(['ProxyCommand -', 'ProxyCommand nc %z', 'ProxyCommand nc %'])('%s cannot be honoured', async (line) => {
    expect(await refusal('db1', { config: `${line}\n` })).toMatch(/config line 1: ProxyCommand cannot be honoured: /);
  });

  test('and jump hosts from one inventory are a failure', async () => {
    expect(await refusal('db1', { settings: { jump: ['a'], proxyCommand: 'nc %h %p' } })).toContain('both');
  });
});

describe('keys, agents and known hosts', () => {
  test('nothing said: those of the sweep', async () => {
    expect(await destination('db1')).toEqual({ user: 'me', host: 'db1', port: 22, via: { kind: 'direct' } });
  });

  test('are expanded, and those of the inventory come first', async () => {
    const config = [
      'IdentityFile ~/.ssh/%r@%h',
      `IdentityFile \${KEYS}/%u-%i-%L`,
      'IdentityFile /home/me/own',
      'IdentitiesOnly yes',
      'IdentityAgent $AGENT',
      'UserKnownHostsFile ~/k1 %d/k2',
      'HostKeyAlias Cluster',
      'AddressFamily inet6',
      'ConnectTimeout 1m',
      '',
    ].join('\n');
    const settings = { identityFiles: ['~/own', '/50%off'] };
    expect(await destination('db1', { config, settings })).toEqual({
      user: 'me',
      host: 'db1',
      port: 22,
      via: { kind: 'direct' },
      identityFiles: ['/home/me/own', '/50%off', '/home/me/.ssh/me@db1', '/keys/me-1000-desk'],
      identitiesOnly: true,
      identityAgent: '/run/agent',
      knownHostsFiles: ['/home/me/k1', '/home/me/k2', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      hostKeyAlias: 'cluster',
      addressFamily: 6,
      connectTimeoutMs: 60_000,
    });
  });

  test('the name that the inventory gives to a host key goes before HostKeyAlias, for a jump host too', async () => {
    const config = 'HostKeyAlias cluster\n';
    const settings = { address: '10.0.0.7', hostKeyAlias: 'i-0000000A', jump: ['gate'] };
    const hops = { gate: { address: '10.0.0.8', hostKeyAlias: 'i-0000000b' } };
    expect(await destination('i-0000000a', { config, settings, hops })).toMatchObject({
      host: '10.0.0.7',
      hostKeyAlias: 'i-0000000a',
      via: { kind: 'jump', hop: { host: '10.0.0.8', hostKeyAlias: 'i-0000000b' } },
    });
  });

  test('--identity and --known-hosts take the place of what ssh_config and the inventory say', async () => {
    const config =
      'IdentityFile /a\nIdentitiesOnly yes\nUserKnownHostsFile /b\nCertificateFile /c\nHost gate\n  ProxyJump none\n';
    const commandLine = { identities: ['/mine'], knownHosts: '/known' };
    const settings = { identityFiles: ['/i'] };
    const plain = { user: 'me', host: 'db1', port: 22, via: { kind: 'direct' } };
    expect(await destination('db1', { config, commandLine, settings })).toEqual(plain);
  });

  test('--identity leaves a jump host the keys that ssh_config has for it', async () => {
    const commandLine = { identities: ['/mine'], jump: ['gate'] };
    const { via } = await destination('db1', { config: 'Host gate\n  IdentityFile /gate\n', commandLine });
    expect(via).toMatchObject({ hop: { identityFiles: ['/gate'] } });
  });

  test('pins of the inventory take the place of what ssh_config says of host keys', async () => {
    const config = 'UserKnownHostsFile /b\nKnownHostsCommand /bin/keys\n';
    const settings = { hostKeys: ['ssh-ed25519 AAAA'] };
    const { pins, knownHostsFiles } = await destination('db1', { config, settings });
    expect({ pins, knownHostsFiles }).toEqual({ pins: ['ssh-ed25519 AAAA'], knownHostsFiles: undefined });
    expect(await refusal('db1', { config, settings: { hostKeys: [] } })).toContain('--known-hosts');
  });

  test('IdentityFile none offers no file', async () => {
    expect((await destination('db1', { config: 'IdentityFile none\n' })).identityFiles).toEqual([]);
  });

  test.each([
    ['none', 'none'],
    ['$NOT_SET', 'none'],
    ['SSH_AUTH_SOCK', undefined],
    ['~/%n.sock', '/home/me/db1.sock'],
  ])('IdentityAgent %s', async (value, socket) => {
    expect((await destination('db1', { config: `IdentityAgent ${value}\n` })).identityAgent).toBe(socket);
  });

  test.each([`IdentityFile \${NOT_SET}/k`, 'IdentityFile ~other/k', 'UserKnownHostsFile /%T', 'IdentityAgent $a-b'])(
    '%s cannot be honoured',
    async (line) => {
      expect(await refusal('db1', { config: `${line}\n` })).toMatch(/config line 1: /);
    },
  );

  test('restricted algorithms are handed on, and where none is left the host is not dialled', async () => {
    const { algorithms } = await destination('db1', { config: 'Ciphers aes256-ctr\nKexAlgorithms +x\n' });
    expect(algorithms).toEqual({ cipher: ['aes256-ctr'] });
    expect(await refusal('db1', { config: 'KexAlgorithms diffie-hellman-group1-sha1\n' })).toMatch(
      /config line 1: KexAlgorithms/,
    );
  });
});

describe('what is dialled', () => {
  test.each([
    ['2001:db8:0:0::1', '2001:db8::1'],
    ['FE80::1%eth0', 'FE80::1%eth0'],
    ['Web.Example.', 'web.example.'],
  ])('%s', async (host, dialled) => {
    expect((await destination(host)).host).toBe(dialled);
  });

  test.each(['127.1', '0x7f000001', 'a..b', '-x', '[::1]', 'a b', ''])('HostName %j is never dialled', async (name) => {
    await refusal('db1', { config: `HostName "${name}"\n` });
  });

  test('a name like a login name of a domain is taken from ssh_config', async () => {
    const user = async (line: string) => (await destination('db1', { config: `${line}\n` })).user;
    expect(await user('User jane@corp.example')).toBe('jane@corp.example');
    expect(await user('User CORP\\jane')).toBe('CORP\\jane');
    expect(await user('User %u-adm')).toBe('me-adm');
    expect(await refusal('db1', { settings: { user: 'a\nb' } })).toContain('no login name');
  });
});

test('whatever is configured: a destination or a failure, never an exception', async () => {
  const word = fc.constantFrom(
    'db1',
    '*',
    '%h',
    '%r@%n',
    `\${KEYS}`,
    '~',
    '"',
    "'",
    '#',
    '=',
    'none',
    '-',
    'a,b',
    '[::1]:2',
    '!x',
    '\\',
  );
  const keyword = fc.constantFrom(
    'Host',
    'Match',
    'host',
    'exec',
    'final',
    'User',
    'HostName',
    'Port',
    'ProxyJump',
    'ProxyCommand',
    'IdentityFile',
    'IdentityAgent',
    'UserKnownHostsFile',
    'Include',
    'MACs',
  );
  const line = fc
    .tuple(keyword, fc.array(fc.oneof(word, keyword), { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest].join(' '));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.constantFrom('db1', 'a', '::1'), async (lines, host) => {
      const settled = await settle(host, { config: lines.join('\n') });
      if ('failure' in settled) expect(settled.failure.message).not.toMatch(/[\x00-\x1f]/);
    }),
    { numRuns: 500 },
  );
});
