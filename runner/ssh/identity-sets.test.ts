import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { targetAt } from '../../test/faults/exchange.ts';
import { type KeyPair, makeKeyPair } from '../../test/faults/key-pair.ts';
import { fingerprint } from './host-key.ts';
import { describeIdentities, type IdentityOptions } from './identities.ts';
import { createIdentitySets, type IdentityWish, readIdentities } from './identity-sets.ts';

let folder = '';
const agents: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-sets-'));
  mkdirSync(join(folder, '.ssh'));
});
afterEach(() => {
  for (const agent of agents.splice(0)) agent.close();
  rmSync(folder, { recursive: true });
});

const blobOf = (pair: KeyPair): Buffer => Buffer.from(pair.public.split(' ')[1] ?? '', 'base64');
const print = (pair: KeyPair): string => fingerprint(blobOf(pair));
const inAgent = (pair: KeyPair): string => `${print(pair)} (agent)`;
const inFile = (pair: KeyPair, file: string): string => `${print(pair)} (${file})`;

function put(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** Lists these keys and signs nothing (SSH_AGENT_IDENTITIES_ANSWER of draft-miller-ssh-agent). */
async function agentWith(...pairs: KeyPair[]): Promise<{ socket: string; listings: () => number }> {
  let listings = 0;
  const word = (data: Buffer) => Buffer.concat([Buffer.from(Uint32Array.of(data.length).buffer).swap32(), data]);
  const count = Buffer.from(Uint32Array.of(pairs.length).buffer).swap32();
  const entries = pairs.map((pair) => Buffer.concat([word(blobOf(pair)), word(Buffer.from('test'))]));
  const answer = word(Buffer.concat([Buffer.from([12]), count, ...entries]));
  const agent = createServer((connection) => {
    connection.on('error', () => {});
    connection.on('data', () => {
      listings++;
      connection.write(answer);
    });
  });
  agents.push(agent);
  const socket = join(folder, `agent${agents.length}`);
  await new Promise<void>((resolve) => agent.listen(socket, resolve));
  return { socket, listings: () => listings };
}

const setsWith = (options: Partial<IdentityOptions> = {}) =>
  createIdentitySets({ files: [], homeDirectory: folder, ...options });
const offered = async (wish: IdentityWish, options: Partial<IdentityOptions> = {}) =>
  describeIdentities(await setsWith(options).of(wish));

const [a, b, c, d] = [makeKeyPair(), makeKeyPair(), makeKeyPair(), makeKeyPair()];
const locked = makeKeyPair('ed25519', 'secret');

describe('the keys of a host that names files', () => {
  test('are those files in their order, the missing ones passed over without a word', async () => {
    const files = [put('b', b.private), join(folder, 'none'), put('a', a.private)];
    const identities = await setsWith().of({ identityFiles: files });
    expect(describeIdentities(identities)).toEqual([inFile(b, files[0] ?? ''), inFile(a, files[2] ?? '')]);
    expect(identities.problems).toEqual([]);
    expect(identities.passedOver).toEqual([`${files[1]} does not exist.`]);
  });

  test("come before the agent's others where the agent holds them, in the order of the files", async () => {
    const { socket } = await agentWith(a, b, c);
    const files = [put('c', c.private), put('d', d.private), put('b', b.private)];
    const expected = [inAgent(c), inAgent(b), inAgent(a), inFile(d, files[1] ?? '')];
    expect(await offered({ identityFiles: files }, { agentSocket: socket })).toEqual(expected);
  });

  test('are all there is with IdentitiesOnly', async () => {
    const { socket } = await agentWith(a, b, c);
    const wish = { identityFiles: [put('b', b.private), put('d', d.private)], identitiesOnly: true };
    const expected = [inAgent(b), inFile(d, join(folder, 'd'))];
    expect(await offered(wish, { agentSocket: socket })).toEqual(expected);
  });

  test.each(['x.pub', 'x'])('may be public halves (%s) whose private ones only the agent has', async (name) => {
    const { socket } = await agentWith(a, b);
    put('x.pub', b.public);
    const wish = { identityFiles: [join(folder, name)], identitiesOnly: true };
    expect(await offered(wish, { agentSocket: socket })).toEqual([inAgent(b)]);
    const without = await setsWith().of(wish);
    expect(describeIdentities(without)).toEqual([]);
    expect(without.passedOver?.[0]).toContain('no agent holds');
  });

  test('that others can read are refused, with the chmod', async () => {
    const file = put('a', a.private);
    execFileSync('chmod', ['644', file]);
    const identities = await setsWith().of({ identityFiles: [file] });
    expect(identities.files).toEqual([]);
    expect(identities.problems[0]).toContain('chmod 600');
  });

  test('that are pipes are refused at once and by name, and the others count', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const file = put('a', a.private);
    const identities = await setsWith().of({ identityFiles: [pipe, file], identitiesOnly: true });
    expect(describeIdentities(identities)).toEqual([inFile(a, file)]);
    expect(identities.problems).toEqual([expect.stringContaining(`${pipe} is no file`)]);
  });
});

describe('the agent', () => {
  test('of a host is the one that it names, or none', async () => {
    const [general, special] = [await agentWith(a), await agentWith(b)];
    const sets = setsWith({ agentSocket: general.socket });
    expect(describeIdentities(await sets.of({}))).toEqual([inAgent(a)]);
    expect(describeIdentities(await sets.of({ identityAgent: special.socket }))).toEqual([inAgent(b)]);
    expect(describeIdentities(await sets.of({ identityAgent: 'none' }))).toEqual([]);
  });

  test('is asked once for a sweep, however many hosts and sets there are', async () => {
    const { socket, listings } = await agentWith(a);
    const sets = setsWith({ agentSocket: socket });
    const wishes = [{}, { identitiesOnly: true }, { identityFiles: [put('b', b.private)] }];
    await Promise.all([...wishes, ...wishes, ...wishes].map((wish) => sets.of(wish)));
    expect(listings()).toBe(1);
  });

  test('that does not answer is told of, and the files still count', async () => {
    const sets = setsWith();
    const identities = await sets.of({ identityAgent: join(folder, 'nobody'), identityFiles: [put('a', a.private)] });
    expect(identities.files).toHaveLength(1);
    expect(identities.problems[0]).toContain('nobody');
  });
});

describe('a passphrase', () => {
  test('is asked for once for a key, whatever sets it is in, one question after the other', async () => {
    const other = makeKeyPair('ed25519', 'secret');
    const [one, two] = [put('one', locked.private), put('two', other.private)];
    const asked: string[] = [];
    let now = 0;
    const askPassphrase = async (file: string) => {
      expect(++now).toBe(1);
      asked.push(file);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now--;
      return 'secret';
    };
    const sets = setsWith({ askPassphrase });
    const wishes = [[one], [one, two], [two]].map((identityFiles) => ({ identityFiles }));
    const all = await Promise.all([...wishes, ...wishes].map((wish) => sets.of(wish)));
    expect(all.map(({ files }) => files.length)).toEqual([1, 2, 1, 1, 2, 1]);
    expect(asked).toEqual([one, two]);
  });

  test('is not asked for where another key of the host is usable, or the agent holds the key', async () => {
    const askPassphrase = () => Promise.reject(new Error('asked'));
    const file = put('locked', locked.private);
    const beside = await setsWith({ askPassphrase }).of({ identityFiles: [file, put('a', a.private)] });
    expect(describeIdentities(beside)).toEqual([inFile(a, join(folder, 'a'))]);
    expect(beside.passedOver?.[0]).toContain('is encrypted');
    const { socket } = await agentWith(locked);
    const held = await setsWith({ askPassphrase, agentSocket: socket }).of({ identityFiles: [file] });
    expect(describeIdentities(held)).toEqual([inAgent(locked)]);
  });

  test('is asked for although the agent has other keys: the host named this one', async () => {
    const { socket } = await agentWith(a);
    const file = put('locked', locked.private);
    const identities = await setsWith({ askPassphrase: async () => 'secret', agentSocket: socket }).of({
      identityFiles: [file],
    });
    expect(describeIdentities(identities)).toEqual([inAgent(a), inFile(locked, file)]);
  });
});

test('--identity stays what it is for hosts that name no files, and is strict', async () => {
  const { socket } = await agentWith(a);
  const file = put('b', b.private);
  const sets = setsWith({ files: [file, join(folder, 'none')], agentSocket: socket });
  const identities = await sets.of({});
  expect(describeIdentities(identities)).toEqual([inFile(b, file)]);
  expect(identities.problems).toEqual([expect.stringContaining('does not exist')]);
  expect(describeIdentities(await sets.of({ identityFiles: [put('c', c.private)] }))).toHaveLength(2);
});

test('IdentitiesOnly without files takes the usual files and what the agent holds of them', async () => {
  const { socket } = await agentWith(a, b);
  put('.ssh/id_ed25519', b.private);
  expect(await offered({ identitiesOnly: true }, { agentSocket: socket })).toEqual([inAgent(b)]);
});

test('the keys of all hosts and hops are read beforehand, and each problem is told once', async () => {
  const sets = setsWith();
  const bad = put('bad', 'no key');
  const hop = { ...targetAt(22, 'admin', 'bastion'), identityFiles: [bad] };
  const destination = targetAt(22, 'root', 'db1', { kind: 'jump', hop });
  const problems = await readIdentities(sets, [destination, destination, { ...hop, host: 'other' }]);
  expect(problems).toEqual([expect.stringContaining(`${bad} is no private key`)]);
});
