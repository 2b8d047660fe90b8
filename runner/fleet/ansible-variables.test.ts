import { describe, expect, test } from 'vitest';
import { type AnsibleVariable, demandOf, isUsedVariable, type VariableValue } from './ansible-variables.ts';

const demand = (values: Record<string, VariableValue>) =>
  demandOf(
    new Map(
      Object.entries(values).map(([name, value]): [string, AnsibleVariable] => [name, { value, where: 'f line 3' }]),
    ),
  );

describe('the variables of a host', () => {
  test('say its address, port, user, key and way', () => {
    expect(
      demand({
        ansible_host: '[2001:db8::1]',
        ansible_port: '2222',
        ansible_user: 'ops',
        ansible_private_key_file: '~/.ssh/fleet',
        ansible_connection: 'ansible.builtin.ssh',
        ansible_ssh_common_args:
          '-J jump@bastion:2222,second -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -oControlMaster=auto',
      }),
    ).toEqual({
      settings: {
        address: '2001:db8::1',
        port: 2222,
        user: 'ops',
        identityFiles: ['~/.ssh/fleet'],
        jump: ['jump@bastion:2222', 'second'],
      },
    });
  });

  test('are weighed as ssh weighs its command line', () => {
    expect(
      demand({
        ansible_ssh_args: '-o Port=1 -i first -C',
        ansible_port: 2,
        ansible_private_key_file: 'second',
        ansible_host: 'real',
        ansible_ssh_common_args: '-p 3 -l common -i third',
        ansible_ssh_extra_args: '-l extra -o HostName=other -o IdentitiesOnly=yes',
      }).settings,
    ).toEqual({
      port: 1,
      user: 'common',
      address: 'other',
      identityFiles: ['first', 'second', 'third'],
      identitiesOnly: true,
    });
  });

  test('that are empty or None say nothing', () => {
    expect(
      demand({ ansible_user: '', ansible_ssh_private_key_file: '', ansible_port: null, ansible_ssh_args: '' }),
    ).toEqual({
      settings: {},
    });
  });

  test('say the same to paramiko, whose proxy is honoured unless the connection is another', () => {
    const paramiko = {
      ansible_paramiko_host: '192.0.2.1',
      ansible_paramiko_port: 2222,
      ansible_paramiko_user: 'ops',
      ansible_paramiko_private_key_file: 'key',
      ansible_paramiko_proxy_command: 'nc -x proxy %h %p',
    };
    const settings = {
      address: '192.0.2.1',
      port: 2222,
      user: 'ops',
      identityFiles: ['key'],
      proxyCommand: 'nc -x proxy %h %p',
    };
    for (const ansible_connection of [null, 'smart', 'paramiko', 'ansible.builtin.paramiko_ssh']) {
      expect(demand({ ...paramiko, ansible_connection })).toEqual({ settings });
    }
    expect(demand({ ...paramiko, ansible_connection: 'ansible.builtin.ssh' })).toEqual({ settings: {} });
    expect(
      demand({ ansible_ssh_common_args: '-o ProxyCommand=first', ansible_paramiko_proxy_command: 'second' }).settings,
    ).toEqual({ proxyCommand: 'first' });
    expect(demand({ ansible_connection: 'paramiko', ansible_paramiko_proxy_command: '' })).toEqual({ settings: {} });
  });

  test('that change neither where nor how are left out', () => {
    for (const name of [
      'ansible_sftp_extra_args',
      'ansible_ssh_use_tty',
      'ansible_host_key_checking',
      'ansible_password',
    ])
      expect(isUsedVariable(name)).toBe(false);
    expect(demand({ ansible_ssh_executable: '/usr/local/bin/ssh', ansible_ssh_pkcs11_provider: '' })).toEqual({
      settings: {},
    });
  });

  test('keep a ProxyCommand as it is written', () => {
    const command = 'ssh -W "%h:%p" -q jump@bastion';
    expect(demand({ ansible_ssh_common_args: `-o ProxyCommand='${command}'` }).settings).toEqual({
      proxyCommand: command,
    });
    expect(demand({ ansible_ssh_common_args: '-o ProxyCommand=none' }).settings).toEqual({ jump: [] });
    expect(demand({ ansible_ssh_common_args: '-o ProxyJump=a -o ProxyCommand=b' }).settings).toEqual({ jump: ['a'] });
  });

  test.each<[Record<string, VariableValue>, string]>([
    [{ ansible_connection: 'local' }, 'ansible_connection is not SSH (f line 3)'],
    [{ ansible_connection: 'winrm' }, 'ansible_connection is not SSH'],
    [{ ansible_host: '{{ secret }}' }, 'ansible_host is a template'],
    [{ ansible_user: { unreadable: 'encrypted with Ansible Vault' } }, 'ansible_user is encrypted'],
    [{ ansible_user: true }, 'ansible_user is a truth value'],
    [{ ansible_user: '-oProxyCommand=x' }, 'ansible_user is no login name'],
    [{ ansible_port: '0' }, 'ansible_port is no port'],
    [{ ansible_port: 'secret' }, 'ansible_port is no port'],
    [{ ansible_host: 'a', ansible_ssh_host: 'b' }, 'ansible_host and ansible_ssh_host disagree'],
    [{ ansible_host: '-x' }, 'ansible_host is no host name'],
    [{ ansible_paramiko_proxy_command: '{{ secret }}' }, 'ansible_paramiko_proxy_command is a template'],
    [{ ansible_connection: 'paramiko', ansible_host: 'a', ansible_paramiko_host: 'b' }, 'disagree'],
    [{ ansible_ssh_executable: '/opt/secret-wrapper' }, 'ansible_ssh_executable is another program than ssh'],
    [{ ansible_ssh_private_key: 'secret' }, 'ansible_ssh_private_key is not honoured'],
    [{ ansible_private_key: '----\nsecret' }, 'ansible_private_key is'],
    [{ ansible_ssh_pkcs11_provider: '/secret.so' }, 'ansible_ssh_pkcs11_provider is not honoured'],
    [{ ansible_ssh_common_args: '-F secret' }, 'ansible_ssh_common_args: -F is not honoured'],
    [{ ansible_ssh_common_args: '-b 1.2.3.4 -6' }, '-b is not honoured, -6 is not honoured'],
    [{ ansible_ssh_common_args: '-o BindAddress=secret' }, '-o BindAddress is not honoured'],
    [{ ansible_ssh_common_args: '-o UserKnownHostsFile=/secret' }, '-o UserKnownHostsFile is not honoured'],
    [{ ansible_ssh_common_args: '-o CheckHostIP=yes -o CanonicalizeHostname=no' }, '-o CheckHostIP is not honoured (f'],
    [{ ansible_ssh_common_args: '-o ProxyJump=-x' }, '-o ProxyJump has a malformed value'],
    [{ ansible_ssh_common_args: '-o "open' }, 'the quote " is never closed'],
    [{ ansible_ssh_common_args: 'secret' }, 'a word that is no option of ssh'],
    [{ ansible_ssh_common_args: '-o' }, '-o lacks its value'],
    [{ ansible_ssh_common_args: '-o secret' }, '-o without Option=value'],
  ])('that cannot be honoured are a problem of that host, which repeats no value: %j', (values, message) => {
    const { problem = '' } = demand(values);
    expect(problem).toContain(message);
    expect(problem).not.toContain('secret');
  });
});
