import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';

const need = needs(...SSHD_NEEDS, 'passwd', 'sudo');

function ssh(sshd: Sshd, command: string): string {
  const options = [
    '-F',
    'none',
    '-i',
    sshd.identity,
    '-o',
    `UserKnownHostsFile=${sshd.knownHosts}`,
    '-o',
    'BatchMode=yes',
  ];
  return execFileSync('ssh', [...options, '-p', String(sshd.port), `${sshd.user}@${sshd.host}`, command], {
    encoding: 'utf8',
  });
}

describe.skipIf(need.skip)('the sshd that tests log in to', () => {
  test('lets root in with its identity and its known_hosts', async () => {
    const sshd = await startSshd();
    try {
      expect(ssh(sshd, 'id -u')).toBe('0\n');
    } finally {
      await sshd.stop();
    }
  });

  test('makes users with and without sudo, and removes them', async () => {
    const plain = await startSshd({ user: {} });
    const sudoer = await startSshd({ user: { sudo: 'nopasswd' } });
    try {
      expect(ssh(plain, 'sudo -n id -u 2>/dev/null || echo no')).toBe('no\n');
      expect(ssh(sudoer, 'sudo -n id -u')).toBe('0\n');
    } finally {
      await plain.stop();
      await sudoer.stop();
    }
    expect(() => execFileSync('id', [plain.user], { stdio: 'ignore' })).toThrow();
    expect(() => execFileSync('id', [sudoer.user], { stdio: 'ignore' })).toThrow();
  });
});
