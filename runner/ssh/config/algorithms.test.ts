import { describe, expect, test } from 'vitest';
import { ALGORITHMS } from '../algorithms.ts';
import { narrowAll } from './algorithms.ts';

describe('algorithms that ssh_config restricts', () => {
  test.each([
    {},
    { cipher: '+3des-cbc', kex: '^curve25519-sha256', mac: '-*sha1*' },
    { cipher: ALGORITHMS.cipher.toReversed().join(',') },
  ])('%j takes nothing away', (lists) => {
    expect(narrowAll(lists)).toBeUndefined();
  });

  test('a list leaves those of ours that it names, in our order', () => {
    expect(narrowAll({ cipher: 'aes256-ctr,3des-cbc,aes256-gcm@openssh.com' })).toEqual({
      cipher: ['aes256-gcm@openssh.com', 'aes256-ctr'],
    });
    expect(narrowAll({ hostKey: 'ssh-ed25519' })).toEqual({ hostKey: ['ssh-ed25519'] });
  });

  test('a list brings none in that we do not offer', () => {
    expect(narrowAll({ kex: 'diffie-hellman-group1-sha1' })).toEqual({ nothingLeft: 'kex' });
    expect(narrowAll({ cipher: '-*' })).toEqual({ nothingLeft: 'cipher' });
  });

  test('"-" takes away by pattern', () => {
    expect(narrowAll({ kex: '-ecdh-*,diffie-*' })).toEqual({
      kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
    });
  });

  test('without a MAC of ours only ciphers that need none are left', () => {
    const left = narrowAll({ mac: 'umac-128-etm@openssh.com', cipher: 'aes128-ctr,aes128-gcm@openssh.com' });
    expect(left).toEqual({ cipher: ['aes128-gcm@openssh.com'] });
    expect(narrowAll({ mac: 'hmac-md5', cipher: 'aes128-ctr' })).toEqual({ nothingLeft: 'mac' });
  });
});
