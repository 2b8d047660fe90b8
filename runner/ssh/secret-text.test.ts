import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import { holdsKey, isMarkedKey, withoutSecret } from './secret-text.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const bodyOf = (pem: string): string =>
  pem
    .split('\n')
    .filter((line) => !line.startsWith('-'))
    .join('\n');

test('private keys are known by their marks, wherever they stand', () => {
  for (const key of [makeKeyPair().private, String(rsa), String(ed25519)]) {
    expect(isMarkedKey(key)).toBe(true);
    expect(isMarkedKey(`KEY=${key.replaceAll('\n', '\\n')}`)).toBe(true);
    expect(holdsKey(key.split('\n').slice(1).join('\n'))).toBe(true);
    expect(holdsKey(bodyOf(key))).toBe(true);
  }
});

test('names of hosts are no keys, however long', () => {
  for (const text of ['db-1', 'x'.repeat(500), `${'Ab1'.repeat(21)}.example.com`, 'a1B2.c3D4.'.repeat(30)]) {
    expect(holdsKey(text)).toBe(false);
  }
  expect(holdsKey(`${'Ab1'.repeat(21)}\n`.repeat(2))).toBe(false);
  expect(holdsKey(`${'Ab1'.repeat(21)}\n`.repeat(3))).toBe(true);
});

test('hostile texts are judged soon', () => {
  const long = 2 ** 20;
  for (const text of [
    '\n'.repeat(long),
    ' '.repeat(long),
    '-'.repeat(long),
    'a'.repeat(long),
    '-----BEGIN '.repeat(long / 16),
  ]) {
    expect(holdsKey(text)).toBe(false);
  }
});

test('a message about a word repeats nothing behind "=", and nothing of a key', () => {
  expect(withoutSecret('db-1', 'as it is')).toBe('as it is');
  expect(withoutSecret('password=hunter2', 'hunter2')).toContain('"password=…" is no host');
  expect(withoutSecret('password=hunter2', 'hunter2')).not.toContain('hunter2');
  const line = bodyOf(String(rsa)).split('\n')[3] ?? '';
  expect(withoutSecret(line, line)).not.toContain(line.slice(0, 10));
  expect(withoutSecret(`${line}==`, line)).not.toContain(line.slice(0, 10));
});
