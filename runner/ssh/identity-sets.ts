/** Which keys each host is offered, where an inventory or ssh_config(5) says so; each set of them is put together once for a sweep. */
import type { ParsedKey } from 'ssh2';
import type { Destination } from './destination.ts';
import { identitiesOfGiven } from './given-keys.ts';
import {
  type AgentFound,
  agentAt,
  agentPart,
  type FileIdentity,
  heldBy,
  type Identities,
  type IdentityOptions,
  loadNamed,
  loadUsual,
  unlock,
  usualFiles,
} from './identities.ts';
import { createKeyFiles, type KeyFiles } from './key-files.ts';
import { onceEach } from './once-each.ts';

/** What a destination says of its keys; {} takes those of the sweep. */
export type IdentityWish = Pick<Destination, 'identityFiles' | 'identitiesOnly' | 'identityAgent'>;

export interface IdentitySets {
  /** Never rejects for what it finds. The first call for a set may ask a person for a passphrase. */
  readonly of: (wish: IdentityWish) => Promise<Identities>;
}

/** @param options those of the sweep as a whole: --identity, SSH_AUTH_SOCK, and whom to ask; or the keys themselves */
export function createIdentitySets(options: IdentityOptions): IdentitySets {
  if (options.given !== undefined) {
    const given = identitiesOfGiven(options.given);
    return { of: async () => given };
  }
  const keyFiles = createKeyFiles(options.askPassphrase);
  const agentOnce = onceEach(agentAt);
  // One after the other: each may have something to ask.
  let earlier: Promise<unknown> = Promise.resolve();

  const agentOf = ({ identityAgent }: IdentityWish): Promise<AgentFound> =>
    agentOnce(identityAgent === 'none' ? '' : (identityAgent ?? options.agentSocket ?? ''));
  const load = async (wish: IdentityWish): Promise<Identities> => {
    const agent = await agentOf(wish);
    if (wish.identityFiles !== undefined) return loadConfigured(wish.identityFiles, wish, agent, keyFiles);
    if (options.files.length > 0) return loadNamed(options.files, agent, keyFiles);
    if (wish.identitiesOnly === true) {
      return loadConfigured(usualFiles(options.homeDirectory), wish, agent, keyFiles);
    }
    return loadUsual(options.homeDirectory, agent, keyFiles);
  };
  const setOf = onceEach((_key, wish: IdentityWish) => {
    const set = earlier.then(() => load(wish));
    earlier = set;
    return set;
  });
  return {
    of: (wish) => {
      const { identityFiles = null, identitiesOnly = false, identityAgent = null } = wish;
      return setOf(JSON.stringify([identityFiles, identitiesOnly, identityAgent]), wish);
    },
  };
}

/**
 * The order of ssh(1) (pubkey_prepare of OpenSSH's sshconnect2.c): the agent's keys that belong to the files, in the order of the
 * files; its others, unless only the files count; then the files that it does not hold. A file may be the public half of a key that
 * only the agent has.
 */
async function loadConfigured(
  configured: readonly string[],
  { identitiesOnly }: IdentityWish,
  { agent, problems: agentProblems }: AgentFound,
  keyFiles: KeyFiles,
): Promise<Identities> {
  const preferred = new Set<ParsedKey>();
  const files: FileIdentity[] = [];
  const encrypted: { file: string; text: string }[] = [];
  const problems: string[] = [...agentProblems];
  const passedOver: string[] = [];
  for (const file of new Set(configured)) {
    const read = await keyFiles.read(file);
    const publicBlob =
      read.kind === 'key'
        ? read.key.getPublicSSH()
        : ((read.kind === 'encrypted' ? read.publicBlob : undefined) ?? (await keyFiles.publicHalf(file)));
    const held = heldBy(agent, publicBlob);
    if (held !== undefined) preferred.add(held);
    else if (read.kind === 'key') files.push({ file, key: read.key });
    else if (read.kind === 'encrypted') encrypted.push({ file, text: read.text });
    else if (publicBlob !== undefined) passedOver.push(`${file} is a public key whose private half no agent holds.`);
    else if (read.missing) passedOver.push(`${file} does not exist.`);
    else problems.push(`${file} ${read.problem}`);
  }
  if (preferred.size === 0 && files.length === 0) await unlock(encrypted, keyFiles, files, problems);
  else passedOver.push(...encrypted.map(({ file }) => `${file} is encrypted and no agent holds it.`));
  const others = identitiesOnly === true ? [] : (agent?.keys ?? []).filter((key) => !preferred.has(key));
  return { ...agentPart(agent, [...preferred, ...others]), files, problems, passedOver };
}

/**
 * Reads the keys of all these hosts and their hops, so that whoever must be asked for a passphrase is asked before anything is
 * dialled. Answers what was not as it should be, each sentence once.
 */
export async function readIdentities(sets: IdentitySets, destinations: Iterable<Destination>): Promise<string[]> {
  const read = new Set<Identities>();
  const readFor = async (destination: Destination): Promise<void> => {
    read.add(await sets.of(destination));
    if (destination.via.kind === 'jump') await readFor(destination.via.hop);
  };
  for (const destination of destinations) await readFor(destination);
  return [...new Set([...read].flatMap(({ problems }) => problems))];
}
