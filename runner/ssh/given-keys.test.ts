import { expect, test } from 'vitest';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import { authAttempt } from './authentication.ts';
import { describeIdentities } from './identities.ts';
import { createIdentitySets } from './identity-sets.ts';

const { private: text } = makeKeyPair();

test('keys that are given are offered to every host, and no file and no agent is looked for', async () => {
  const sets = createIdentitySets({
    given: [{ name: 'the secret', text }],
    files: ['/nonexistent/id'],
    agentSocket: '/nonexistent/agent',
    homeDirectory: '/nonexistent',
  });
  const wishes = [{}, { identityFiles: ['/nonexistent/other'] }, { identityAgent: '/nonexistent/agent' }];
  for (const wish of wishes) {
    const identities = await sets.of(wish);
    expect(describeIdentities(identities)).toEqual([expect.stringMatching(/^SHA256:\S+ \(the secret\)$/u)]);
    expect([identities.agent, identities.problems]).toEqual([undefined, []]);
  }
});

test('one that is encrypted is said to be, and the others are offered', async () => {
  const locked = makeKeyPair('ed25519', 'passphrase').private;
  const given = [
    { name: 'key 1', text: locked },
    { name: 'key 2', text },
  ];
  const identities = await createIdentitySets({ given, files: [], homeDirectory: '/nonexistent' }).of({});
  expect(describeIdentities(identities)).toHaveLength(1);
  expect(identities.problems).toEqual([expect.stringContaining('key 1 is encrypted')]);
});

test('where they are refused nobody is told to give a file that is nowhere', async () => {
  const sets = createIdentitySets({ given: [{ name: 'the secret', text }], files: [], homeDirectory: '/nonexistent' });
  const destination = { user: 'whodisk', host: 'db-1', port: 22, via: { kind: 'direct' } } as const;
  const { message } = authAttempt({ destination, identities: await sets.of({}) }, () => true).refused();
  expect(message).toMatch(/\(the secret\)\. Add a public half of them to ~\/\.ssh\/authorized_keys/u);
  expect(message).not.toMatch(/--identity|ssh-copy-id/u);
});
