import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import { startTcpServer } from '../../test/faults/tcp-server.ts';
import { openAgent } from './agent.ts';
import { describeIdentities, type IdentityOptions } from './identities.ts';
import { createIdentitySets } from './identity-sets.ts';
import { parseKeyText } from './key-text.ts';

const plain = makeKeyPair();
const encrypted = makeKeyPair('ed25519', 'secret');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-keys-'));
  mkdirSync(join(folder, '.ssh'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
  return file;
}

const load = (options: Partial<IdentityOptions>) =>
  createIdentitySets({ files: [], homeDirectory: folder, ...options }).of({});

describe('a key file that was named', () => {
  test('is read, once even when it is named twice', async () => {
    const file = put('id', plain.private);
    const identities = await load({ files: [file, file] });
    expect(identities.problems).toEqual([]);
    expect(describeIdentities(identities)).toEqual([expect.stringMatching(/^SHA256:\S{43} \(.*\/id\)$/)]);
  });

  const sk = 'sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA== me';
  test.each([
    ['a public key', plain.public, 'is a public key: give'],
    ['a public key of a security key', sk, 'is a public key'],
    ['a certificate', 'ssh-ed25519-cert-v01@openssh.com AAAA me', 'certificates are not supported'],
    ['a PuTTY key', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'puttygen'],
    ['PKCS#8', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'PKCS#8'],
    ['garbage', '\u0000\u0001garbage', 'is no private key'],
    ['nothing', '', 'is empty'],
    ['a cut key', `${plain.private.slice(0, 120)}\n-----END OPENSSH PRIVATE KEY-----`, 'cut short'],
  ])('but holds %s is refused, and its text is never repeated', async (_, text, says) => {
    const file = put('id.pub', text);
    const { files, problems } = await load({ files: [file] });
    expect(files).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(says);
    expect(problems[0]).toContain(file);
    expect(problems[0]).not.toContain('AAAA');
  });

  test('but is not there, or a folder, is refused', async () => {
    const { problems } = await load({ files: [join(folder, 'none'), join(folder, '.ssh')] });
    expect(problems).toEqual([expect.stringContaining('does not exist'), expect.stringContaining('is no file')]);
  });

  test('and can be read by others is refused, as ssh does', async () => {
    const { files, problems } = await load({ files: [put('id', plain.private, 0o640)] });
    expect(files).toEqual([]);
    expect(problems[0]).toContain('chmod 600');
  });

  test('and is encrypted: asked for once; a wrong passphrase, none and no terminal are named', async () => {
    const file = put('id', encrypted.private);
    let asked = 0;
    const answer = (passphrase: string | undefined) => async () => {
      asked++;
      return passphrase;
    };
    expect((await load({ files: [file], askPassphrase: answer('secret') })).files).toHaveLength(1);
    expect(asked).toBe(1);
    expect((await load({ files: [file], askPassphrase: answer('wrong') })).problems[0]).toContain(
      'passphrase is wrong',
    );
    expect(asked).toBe(2);
    expect((await load({ files: [file], askPassphrase: answer(undefined) })).problems[0]).toContain('no passphrase');
    expect((await load({ files: [file] })).problems[0]).toContain('no terminal');
  });
});

describe('the usual key files', () => {
  test('are read where they exist, and nothing is said of those that do not', async () => {
    const file = put('.ssh/id_ed25519', plain.private);
    expect(await load({})).toMatchObject({ files: [{ file }], problems: [] });
  });

  test('are not asked a passphrase for while another key is usable', async () => {
    put('.ssh/id_ed25519', plain.private);
    put('.ssh/id_ecdsa', encrypted.private);
    const askPassphrase = () => Promise.reject(new Error('asked'));
    expect((await load({ askPassphrase })).files).toHaveLength(1);
  });
});

test('an agent that is not there, and one that says nothing, are named within the limit', async () => {
  expect(await openAgent(join(folder, 'none'))).toEqual({ problem: expect.stringContaining('cannot be used') });
  const server = await startTcpServer(() => {});
  await server.stop();
  const { createServer } = await import('node:net');
  const mute = createServer(() => {}).listen(join(folder, 'agent'));
  expect(await openAgent(join(folder, 'agent'), 200)).toEqual({ problem: expect.stringContaining('0.2 s') });
  mute.close();
});

test('a signature is that of the key, and never one with SHA-1', () => {
  const rsa = makeKeyPair('rsa');
  const parsed = parseKeyText(rsa.private, 'id');
  if (parsed.kind !== 'key') throw new Error(parsed.kind);
  const data = Buffer.from('data');
  expect(parsed.key.verify(data, parsed.key.sign(data, 'sha256'), 'sha256')).toBe(true);
  expect(parsed.key.sign(data, 'sha1')).toBeInstanceOf(Error);
  expect(parsed.key.sign(data)).toBeInstanceOf(Error);
});
