import { describe, expect, test } from 'vitest';
import { sshConfigOf } from '../../../test/fixtures/ssh-config/read-text.ts';
import { evaluateSshConfig, type SshConfigQuery } from './evaluate.ts';

/** The first word of each setting, or the refusal. That ssh itself answers the same is shown in test/real/ssh-config.test.ts. */
async function settingsOf(text: string, query: Partial<SshConfigQuery> = {}) {
  const answer = evaluateSshConfig(await sshConfigOf(text), { name: 'db1', localUser: 'me', ...query });
  if (answer.kind === 'refused') return answer.message;
  const settings = Object.fromEntries([...answer.settings].map(([keyword, { words }]) => [keyword, words[0]]));
  return { hostName: answer.hostName, ...settings };
}

describe('a block that may or may not apply', () => {
  test.each([
    ['Match exec "true"\n  ProxyJump b\n', 'ProxyJump', 'exec'],
    ['Match exec "true"\n  Port 23\n', 'Port', 'exec'],
    ['Match host db1 exec "x" user me\n  IdentityFile /k\n', 'IdentityFile', 'exec'],
    ['Match !exec "true"\n  HostName x\n', 'HostName', '!exec'],
    ['Match localnetwork 10.0.0.0/8\n  UserKnownHostsFile /k\n', 'UserKnownHostsFile', 'localnetwork'],
    ['Match some-day "x" host nobody\n  User x\n', 'User', 'some-day'],
    ['Match exec a\n  BindAddress 10.0.0.1\n', 'BindAddress', 'exec'],
    ['Match exec a\n  Ciphers aes256-ctr\n', 'Ciphers', 'exec'],
  ])('%j refuses the host and names the option, the line and the criterion', async (text, option, criterion) => {
    const message = await settingsOf(text);
    expect(message).toMatch(
      new RegExp(`config line 2: whether ${option} applies is decided by Match ${criterion} at line 1`),
    );
  });

  test.each([
    [
      'it sets nothing that matters',
      'Match exec "x"\n  ForwardAgent yes\n  ConnectTimeout 3\n  StrictHostKeyChecking no\n',
    ],
    ['it sets nothing at all', 'Match exec "gpg-connect-agent /bye"\nHost *\n'],
    ['another criterion does not hold', 'Match host web exec "x"\n  ProxyJump b\nMatch exec "x" host web\n  User u\n'],
    ['what it sets asks for nothing', 'Match exec "x"\n  CanonicalizeHostname no\n  CheckHostIP no\n'],
  ])('lets the host through where %s', async (_why, text) => {
    expect(await settingsOf(text)).toEqual({ hostName: 'db1' });
  });

  test('lets the host through where what it sets was settled before', async () => {
    const text = 'Match exec "x"\n  ProxyJump b\n  User u\n  Port 9\n  HostName h\n  IdentityFile /k\n';
    const given = { user: 'me', port: 22, address: '10.0.0.1', isRouteGiven: true, areKeysGiven: true };
    expect(await settingsOf(text, given)).toEqual({ hostName: '10.0.0.1' });
    expect(await settingsOf(`ProxyCommand none\nPort 8\n${text}`, { ...given, isRouteGiven: false })).not.toBeTypeOf(
      'string',
    );
  });
});

describe('what cannot be honoured', () => {
  test.each([
    'BindAddress 10.0.0.1',
    'BindInterface eth1',
    'CanonicalizeHostname yes',
    'CanonicalizeHostname always',
    'CertificateFile ~/.ssh/id-cert.pub',
    'CheckHostIP yes',
    'KnownHostsCommand /bin/keys %H',
    'PreferredAuthentications password,keyboard-interactive',
    'PubkeyAuthentication no',
    'RefuseConnection "under maintenance"',
    'RevokedHostKeys /etc/ssh/revoked',
    'ProxyCommand nc %h %p\n  ProxyUseFdpass yes',
  ])('%s refuses the host, and only where it applies', async (line) => {
    expect(await settingsOf(`Host db*\n  ${line}\n`)).toMatch(/config line [23]: .* cannot be honoured: /);
    expect(await settingsOf(`Host web\n  ${line}\n`)).toEqual({ hostName: 'db1' });
  });

  test.each([
    'CanonicalizeHostname no',
    'CheckHostIP no',
    'CheckHostIP yes\nProxyCommand nc %h %p',
    'KnownHostsCommand none',
    'PreferredAuthentications gssapi-with-mic,publickey',
    'ProxyUseFdpass yes',
    'PubkeyAuthentication unbound',
    'RevokedHostKeys none',
  ])('%j asks for nothing', async (text) => {
    expect(await settingsOf(text)).not.toBeTypeOf('string');
  });

  test('the first value counts here, too', async () => {
    expect(await settingsOf('CheckHostIP no\nCheckHostIP yes\n')).toMatchObject({ checkhostip: 'no' });
  });
});

describe('what newer versions of ssh know', () => {
  test('Match tagged', async () => {
    expect(await settingsOf('Match tagged far\n  Port 9\nTag far\n')).not.toHaveProperty('port');
    const text = 'Host db*\n  Tag far\nMatch tagged "near,f*"\n  Port 9\nMatch !tagged far\n  User u\n';
    expect(await settingsOf(text)).toEqual({ hostName: 'db1', tag: 'far', port: '9' });
  });

  test('options that are no concern of ours', async () => {
    expect(await settingsOf('ChannelTimeout *=5m\nObscureKeystrokeTiming no\nUseKeychain yes\n')).toEqual({
      hostName: 'db1',
    });
  });
});

test('an inventory’s address is a name of the host as well, and the file’s order decides', async () => {
  const text = 'Host 10.*\n  User by-address\nHost db*\n  User by-name\n  Port 9\n  HostName elsewhere\n';
  expect(await settingsOf(text, { address: '10.0.0.1' })).toEqual({
    hostName: '10.0.0.1',
    user: 'by-address',
    port: '9',
  });
  const negated = 'Host * !10.0.0.1\n  User u\nMatch originalhost 10.0.0.1\n  Port 9\n';
  expect(await settingsOf(negated, { address: '10.0.0.1' })).toEqual({ hostName: '10.0.0.1', port: '9' });
});

test('a bad line keeps every host from being dialled', async () => {
  const text = 'Host web\n  Portt 9\n';
  expect(await settingsOf(text)).toMatch(/config line 2: ssh has no option "portt"/);
  expect(await settingsOf(`IgnoreUnknown port?\n${text}`)).toMatchObject({ hostName: 'db1' });
});
