/** The keys that are offered to a host: which, in which order, and what is missing. */
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { type Agent, openAgent } from './agent.ts';
import type { GivenKey } from './given-keys.ts';
import { fingerprint } from './host-key.ts';
import type { AskPassphrase, KeyFiles } from './key-files.ts';

export interface FileIdentity {
  readonly file: string;
  readonly key: ParsedKey;
}

export interface Identities {
  /** Offered before the files; its keys are those that may be offered, in this order. */
  readonly agent?: Agent;
  readonly files: readonly FileIdentity[];
  /** One sentence for each thing that was not as it should be. With --identity each of them is a reason to stop. */
  readonly problems: readonly string[];
  /** What ssh passes over without a word, and what only matters where nobody was let in: files that do not exist, keys not asked for. */
  readonly passedOver?: readonly string[];
  /** They came as text (given-keys.ts): what `file` says of them is a name and no path. */
  readonly areGiven?: true;
}

export interface IdentityOptions {
  /** What --identity named; empty takes the agent and the usual files. */
  readonly files: readonly string[];
  /** With them no file is read and no agent asked, whatever an inventory or ssh_config(5) says. */
  readonly given?: readonly GivenKey[];
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  readonly homeDirectory: string;
  /** Asks a person, once for each key; absent where there is no terminal. undefined: none was given. */
  readonly askPassphrase?: AskPassphrase;
}

/** Of ssh_config(5) IdentityFile those that are supported, the cheapest to sign with first. */
const USUAL_FILES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** How a message names what was offered: each key's file or agent and its fingerprint. */
export function describeIdentities({ agent, files }: Identities): string[] {
  return [
    ...(agent?.keys ?? []).map((key) => `${fingerprint(key.getPublicSSH())} (agent)`),
    ...files.map(({ file, key }) => `${fingerprint(key.getPublicSSH())} (${file})`),
  ];
}

/** An agent that answers, or what to say of the one that does not; neither where there is none. */
export interface AgentFound {
  readonly agent?: Agent;
  readonly problems: readonly string[];
}

/** @param socketPath undefined and '' mean that there is no agent */
export async function agentAt(socketPath: string | undefined): Promise<AgentFound> {
  if (socketPath === undefined || socketPath === '') return { problems: [] };
  const agent = await openAgent(socketPath);
  return 'problem' in agent ? { problems: [agent.problem] } : { agent, problems: [] };
}

/** --identity: these keys and no others; of the agent only those that are encrypted on disk. */
export async function loadNamed(
  named: readonly string[],
  { agent, problems: agentProblems }: AgentFound,
  keyFiles: KeyFiles,
): Promise<Identities> {
  const files: FileIdentity[] = [];
  const fromAgent: ParsedKey[] = [];
  const problems: string[] = [];
  for (const file of new Set(named)) {
    const read = await keyFiles.read(file);
    if (read.kind === 'key') {
      files.push({ file, key: read.key });
    } else if (read.kind === 'encrypted') {
      // The agent may hold the very key, already decrypted: nobody need be asked.
      const held = heldBy(agent, read.publicBlob ?? (await keyFiles.publicHalf(file)));
      if (held !== undefined) fromAgent.push(held);
      else await unlock([{ file, text: read.text }], keyFiles, files, problems);
    } else {
      problems.push(`${file} ${read.problem}`);
    }
  }
  // Without any key the state of the agent may be the explanation; with one it is beside the point.
  if (files.length === 0 && fromAgent.length === 0) problems.push(...agentProblems);
  return { ...agentPart(agent, fromAgent), files, problems };
}

/** Without any wish: all of the agent's keys, then the usual files that it does not hold. */
export async function loadUsual(
  homeDirectory: string,
  { agent, problems: agentProblems }: AgentFound,
  keyFiles: KeyFiles,
): Promise<Identities> {
  const files: FileIdentity[] = [];
  const problems: string[] = [...agentProblems];
  const encrypted: { file: string; text: string }[] = [];
  for (const file of usualFiles(homeDirectory)) {
    const read = await keyFiles.read(file);
    if (read.kind === 'key') {
      if (heldBy(agent, read.key.getPublicSSH()) === undefined) files.push({ file, key: read.key });
    } else if (read.kind === 'encrypted') {
      const held = heldBy(agent, read.publicBlob ?? (await keyFiles.publicHalf(file)));
      if (held === undefined) encrypted.push({ file, text: read.text });
    } else if (!read.missing) {
      problems.push(`${file} ${read.problem}`);
    }
  }
  const agentKeys = agent?.keys ?? [];
  // A passphrase is worth asking a person for only where nothing else could be offered.
  if (agentKeys.length === 0 && files.length === 0) await unlock(encrypted, keyFiles, files, problems);
  return { ...agentPart(agent, agentKeys), files, problems };
}

/** Where ssh(1) looks where nobody says otherwise, absolute paths. */
export function usualFiles(homeDirectory: string): string[] {
  return USUAL_FILES.map((name) => join(homeDirectory, '.ssh', name));
}

/** The agent's own entry of a key; undefined where it holds none that is equal. */
export function heldBy(agent: Agent | undefined, publicBlob: Buffer | undefined): ParsedKey | undefined {
  return agent?.keys.find((key) => publicBlob?.equals(key.getPublicSSH()));
}

/** An agent that may offer nothing is none: its step in the log-in would be a round trip for nothing. */
export function agentPart(agent: Agent | undefined, keys: readonly ParsedKey[]): { agent?: Agent } {
  return agent === undefined || keys.length === 0 ? {} : { agent: { ...agent, keys } };
}

/** Asks for passphrases, one after the other. */
export async function unlock(
  encrypted: readonly { file: string; text: string }[],
  keyFiles: KeyFiles,
  files: FileIdentity[],
  problems: string[],
): Promise<void> {
  for (const { file, text } of encrypted) {
    const decrypted = await keyFiles.decrypt(file, text);
    if (decrypted.kind === 'key') files.push({ file, key: decrypted.key });
    else problems.push(decrypted.problem);
  }
}
