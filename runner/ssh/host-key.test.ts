import { describe, expect, test } from 'vitest';
import { knownHostsLine, makeHostKey } from '../../test/faults/ssh-server.ts';
import { decideHostKey, fingerprint, hostKeyAlgorithms } from './host-key.ts';
import { lookUpKnownHost, parseKnownHosts } from './known-hosts.ts';

const key = knownHostsLine('', makeHostKey()).trim();
const rsa = knownHostsLine('', makeHostKey('rsa')).trim();
const ecdsa = knownHostsLine('', makeHostKey('ecdsa')).trim();
const blobOf = (line: string) => Buffer.from(line.split(' ')[1] ?? '', 'base64');

function decide(text: string, shown: string, host = 'db1', port = 22) {
  const known = lookUpKnownHost([parseKnownHosts(text, '/k h')], host, port);
  return decideHostKey(blobOf(shown), known, { host, port, mendFile: '/k h' });
}

describe('a host key', () => {
  test('known is accepted, and one of several is enough', () => {
    expect(decide(`db1 ${rsa}\ndb1 ${key}`, key)).toEqual({ kind: 'accepted' });
  });

  test('known for the bare name is accepted on another port; another key there says nothing', () => {
    expect(decide(`db1 ${key}`, key, 'db1', 2222).kind).toBe('accepted');
    expect(decide(`db1 ${rsa}`, key, 'db1', 2222).kind).toBe('hostkey-unknown');
  });

  test('unknown names the fingerprint and the command that adds it, quoted', () => {
    const decision = decide('', key, 'db1', 2222);
    expect(decision).toMatchObject({ kind: 'hostkey-unknown' });
    expect(JSON.stringify(decision)).toContain(fingerprint(blobOf(key)));
    expect(JSON.stringify(decision)).toContain("ssh-keyscan -p 2222 db1 >> '/k h'");
  });

  test('changed names the line, and the command that removes it', () => {
    const decision = JSON.stringify(decide(`# x\n[db1]:2222 ${rsa}`, key, 'db1', 2222));
    expect(decision).toContain('hostkey-changed');
    expect(decision).toContain('/k h line 2');
    expect(decision).toContain("ssh-keygen -R '[db1]:2222' -f '/k h'");
    expect(decision).toContain('of another type than the known ssh-rsa');
  });

  test('revoked outranks trusted, whatever comes first', () => {
    expect(decide(`db1 ${key}\n@revoked * ${key}`, key).kind).toBe('hostkey-revoked');
    expect(decide(`@revoked db1 ${key}\n[db1]:2222 ${key}`, key, 'db1', 2222).kind).toBe('hostkey-revoked');
  });

  test('an authority vouches for nothing here', () => {
    expect(decide(`@cert-authority * ${key}`, key).kind).toBe('hostkey-certificate');
    expect(decide(`@cert-authority * ${rsa}`, key).kind).toBe('hostkey-certificate');
  });
});

describe('the algorithms that a host is asked for', () => {
  const order = (text: string) => hostKeyAlgorithms(lookUpKnownHost([parseKnownHosts(text, 'f')], 'db1', 22));

  test('begin with those of the stored keys, and SHA-1 is never among them', () => {
    expect(order(`db1 ${rsa}`).slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(order(`db1 ${ecdsa}`)[0]).toBe('ecdsa-sha2-nistp256');
    expect(order('')[0]).toBe('ssh-ed25519');
    for (const text of [`db1 ${rsa}`, `db1 ${ecdsa}`, '']) {
      expect(order(text)).not.toContain('ssh-rsa');
      expect(new Set(order(text)).size).toBe(6);
    }
  });

  test('do not prefer a revoked key', () => {
    expect(order(`db1 ${rsa}\ndb1 ${ecdsa}\n@revoked db1 ${ecdsa}`)[0]).toBe('rsa-sha2-512');
  });
});
