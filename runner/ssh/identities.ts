/** The keys that the sweep logs in with: those of --identity, else the agent's and the usual files; read once. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { type Agent, openAgent } from './agent.ts';
import { fingerprint } from './host-key.ts';
import { type KeyText, parseKeyText } from './key-text.ts';
import { shellWord } from './shell-word.ts';

export interface FileIdentity {
  readonly file: string;
  readonly key: ParsedKey;
}

export interface Identities {
  /** Offered before the files; its keys are those that may be offered. */
  readonly agent?: Agent;
  readonly files: readonly FileIdentity[];
  /** One sentence for each thing that was not as it should be. With --identity each of them is a reason to stop. */
  readonly problems: readonly string[];
}

export interface IdentityOptions {
  /** What --identity named; empty takes the agent and the usual files. */
  readonly files: readonly string[];
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  readonly homeDirectory: string;
  /** Asks a person, once for each key; absent where there is no terminal. undefined: none was given. */
  readonly askPassphrase?: (file: string) => Promise<string | undefined>;
}

/** Of ssh_config(5) IdentityFile those that are supported, the cheapest to sign with first. */
const USUAL_FILES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const MAX_KEY_FILE_BYTES = 64 * 1024;

/** Reads everything that may be offered. Never rejects for what it finds: `problems` says it. */
export async function loadIdentities(options: IdentityOptions): Promise<Identities> {
  const problems: string[] = [];
  const agent = await agentOf(options, problems);
  return options.files.length > 0 ? loadNamed(options, agent, problems) : loadUsual(options, agent, problems);
}

/** How a message names what was offered: each key's file or agent and its fingerprint. */
export function describeIdentities({ agent, files }: Identities): string[] {
  return [
    ...(agent?.keys ?? []).map((key) => `${fingerprint(key.getPublicSSH())} (agent)`),
    ...files.map(({ file, key }) => `${fingerprint(key.getPublicSSH())} (${file})`),
  ];
}

async function agentOf({ agentSocket }: IdentityOptions, problems: string[]): Promise<Agent | undefined> {
  if (agentSocket === undefined || agentSocket === '') return undefined;
  const agent = await openAgent(agentSocket);
  if (!('problem' in agent)) return agent;
  problems.push(agent.problem);
  return undefined;
}

async function loadNamed(
  options: IdentityOptions,
  agent: Agent | undefined,
  agentProblems: string[],
): Promise<Identities> {
  const files: FileIdentity[] = [];
  const fromAgent: ParsedKey[] = [];
  const problems: string[] = [];
  for (const file of new Set(options.files)) {
    const read = await readKeyFile(file);
    if (read.kind === 'key') {
      files.push({ file, key: read.key });
    } else if (read.kind === 'encrypted') {
      // The agent may hold the very key, already decrypted: nobody need be asked.
      const held = agent?.keys.find((key) => read.publicBlob?.equals(key.getPublicSSH()));
      if (held !== undefined) fromAgent.push(held);
      else await decrypt(file, read.text, options, files, problems);
    } else {
      problems.push(`${file} ${read.problem}`);
    }
  }
  // Without any key the state of the agent may be the explanation; with one it is beside the point.
  if (files.length === 0 && fromAgent.length === 0) problems.push(...agentProblems);
  const agentPart = agent === undefined || fromAgent.length === 0 ? {} : { agent: { ...agent, keys: fromAgent } };
  return { ...agentPart, files, problems };
}

async function loadUsual(options: IdentityOptions, agent: Agent | undefined, problems: string[]): Promise<Identities> {
  const files: FileIdentity[] = [];
  const encrypted: { file: string; text: string }[] = [];
  for (const name of USUAL_FILES) {
    const file = join(options.homeDirectory, '.ssh', name);
    const read = await readKeyFile(file);
    if (read.kind === 'key') {
      if (!isHeld(agent, read.key)) files.push({ file, key: read.key });
    } else if (read.kind === 'encrypted') {
      const held = agent?.keys.some((key) => read.publicBlob?.equals(key.getPublicSSH())) ?? false;
      if (!held) encrypted.push({ file, text: read.text });
    } else if (!read.missing) {
      problems.push(`${file} ${read.problem}`);
    }
  }
  const hasAgentKeys = agent !== undefined && agent.keys.length > 0;
  // A passphrase is worth asking a person for only where nothing else could be offered.
  if (!hasAgentKeys && files.length === 0) {
    for (const { file, text } of encrypted) await decrypt(file, text, options, files, problems);
  }
  return { ...(hasAgentKeys ? { agent } : {}), files, problems };
}

function isHeld(agent: Agent | undefined, key: ParsedKey): boolean {
  return agent?.keys.some((held) => held.getPublicSSH().equals(key.getPublicSSH())) ?? false;
}

async function decrypt(
  file: string,
  text: string,
  { askPassphrase }: IdentityOptions,
  files: FileIdentity[],
  problems: string[],
): Promise<void> {
  const agentHint = `add it to an agent (ssh-add ${shellWord(file)}) or give another key with --identity`;
  if (askPassphrase === undefined) {
    problems.push(`${file} is encrypted and there is no terminal to ask for its passphrase on: ${agentHint}.`);
    return;
  }
  const passphrase = await askPassphrase(file);
  if (passphrase === undefined || passphrase === '') {
    problems.push(`${file} is encrypted and no passphrase was given: ${agentHint}.`);
    return;
  }
  const parsed = parseKeyText(text, file, passphrase);
  if (parsed.kind === 'key') files.push({ file, key: parsed.key });
  else if (parsed.kind === 'unusable') problems.push(`${file} ${parsed.problem}`);
  else problems.push(`${file}: the passphrase is wrong. Start again, or ${agentHint}.`);
}

type KeyFile =
  | Extract<KeyText, { kind: 'key' }>
  | (Extract<KeyText, { kind: 'encrypted' }> & { readonly text: string })
  | { readonly kind: 'unusable'; readonly problem: string; readonly missing: boolean };

async function readKeyFile(file: string): Promise<KeyFile> {
  const unusable = (problem: string, missing = false): KeyFile => ({ kind: 'unusable', problem, missing });
  let text: string;
  let tooOpen: string | undefined;
  try {
    const handle = await open(file, 'r');
    try {
      const { mode, uid, size, isFile } = await handle.stat().then((stat) => ({ ...stat, isFile: stat.isFile() }));
      if (!isFile) return unusable('is no file: give the file of a private key.');
      // As ssh does (sshkey_perm_ok of authfile.c): only one's own file is judged.
      if (uid === process.getuid?.() && (mode & 0o077) !== 0) tooOpen = (mode & 0o777).toString(8).padStart(4, '0');
      if (size > MAX_KEY_FILE_BYTES) return unusable('is too large for a private key.');
      text = await handle.readFile('latin1');
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return unusable('does not exist: give the file of a private key.', true);
    if (code === 'EACCES') return unusable('cannot be read: permission denied. Give a key that is yours.');
    if (code === 'EISDIR') return unusable('is a folder: give the file of a private key.');
    return unusable(`cannot be read: ${message}.`);
  }
  const parsed = parseKeyText(text, file);
  // First what it is: nobody should be told to lock up a public key.
  if (parsed.kind === 'unusable') return unusable(parsed.problem);
  if (tooOpen !== undefined) {
    return unusable(`can be read by others (mode ${tooOpen}), so it is not used: chmod 600 ${shellWord(file)}`);
  }
  if (parsed.kind === 'encrypted') return { ...parsed, text };
  if (parsed.kind === 'wrong-passphrase') return unusable('cannot be read as a private key.');
  return parsed;
}
