import { expect, test } from 'vitest';
import { identitiesOfGiven } from '../../runner/ssh/given-keys.ts';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import type { SecretText } from './secret-reader.ts';
import { sshKeysOf } from './ssh-key-secret.ts';

const keysIn = (read: SecretText) => sshKeysOf({ name: 'whodisk/ssh', read: async () => read })();
const [first, second] = [makeKeyPair().private, makeKeyPair('ecdsa').private];

test('a secret is one key, or several, one after the other, so that one can be replaced', async () => {
  expect(await keysIn({ text: `${first}\n` })).toEqual({
    keys: [{ name: 'the secret whodisk/ssh', text: first.trim() }],
  });
  const two = await keysIn({ text: `the old one:\n${first}\nthe new one:\r\n${second}` });
  if ('problem' in two) throw new Error(two.problem);
  expect(two.keys.map(({ name }) => name)).toEqual([
    'key 1 of the secret whodisk/ssh',
    'key 2 of the secret whodisk/ssh',
  ]);
  const { files, problems } = identitiesOfGiven(two.keys);
  expect([files.map(({ key }) => key.type), problems]).toEqual([['ssh-ed25519', 'ecdsa-sha2-nistp256'], []]);
});

test('one that is no key says so, and nothing of what it holds', async () => {
  const keys = await keysIn({ text: 'hunter2 is no key' });
  if ('problem' in keys) throw new Error(keys.problem);
  const { files, problems } = identitiesOfGiven(keys.keys);
  expect(files).toEqual([]);
  expect(problems).toEqual([expect.stringContaining('the secret whodisk/ssh is no private key')]);
  expect(problems.join()).not.toContain('hunter2');
});

test('one that cannot be read is the reason why nobody is logged in to', async () => {
  expect(await keysIn({ problem: 'It is refused.' })).toEqual({
    problem: 'There is no SSH key to log in with. It is refused.',
  });
});
