/** Private key files and their public halves, each read once for a sweep, each passphrase asked for once. */
import ssh2 from 'ssh2';
import { type KeyText, parseKeyText } from './key-text.ts';
import { onceEach } from './once-each.ts';
import { readRegularFile } from './read-regular-file.ts';
import { shellWord } from './shell-word.ts';

export type KeyFile =
  | Extract<KeyText, { kind: 'key' }>
  | (Extract<KeyText, { kind: 'encrypted' }> & { readonly text: string })
  /** `problem` is the second half of a sentence that begins with the file. */
  | { readonly kind: 'unusable'; readonly problem: string; readonly missing: boolean };

/** Asks a person for the passphrase of a file; undefined: none was given. */
export type AskPassphrase = (file: string) => Promise<string | undefined>;

export interface KeyFiles {
  /** Never rejects for what it finds. */
  readonly read: (file: string) => Promise<KeyFile>;
  /** The public half that lies beside a private key, in FILE.pub, or that FILE itself is; undefined where there is none. */
  readonly publicHalf: (file: string) => Promise<Buffer | undefined>;
  /** Decrypts what `read` found encrypted; `problem` is a whole sentence. */
  readonly decrypt: (file: string, text: string) => Promise<Decrypted>;
}

type Decrypted = Extract<KeyText, { kind: 'key' }> | { readonly kind: 'locked'; readonly problem: string };

const MAX_KEY_FILE_BYTES = 64 * 1024;

/** @param askPassphrase absent where there is no terminal to ask on */
export function createKeyFiles(askPassphrase?: AskPassphrase): KeyFiles {
  const decryptOnce = onceEach((file, text: string) => decrypt(file, text, askPassphrase));
  return { read: onceEach(readKeyFile), publicHalf: onceEach(readPublicHalf), decrypt: decryptOnce };
}

async function decrypt(file: string, text: string, askPassphrase: AskPassphrase | undefined): Promise<Decrypted> {
  const agentHint = `add it to an agent (ssh-add ${shellWord(file)}) or give another key with --identity`;
  const locked = (problem: string): Decrypted => ({ kind: 'locked', problem });
  if (askPassphrase === undefined) {
    return locked(`${file} is encrypted and there is no terminal to ask for its passphrase on: ${agentHint}.`);
  }
  const passphrase = await askPassphrase(file);
  if (passphrase === undefined || passphrase === '') {
    return locked(`${file} is encrypted and no passphrase was given: ${agentHint}.`);
  }
  const parsed = parseKeyText(text, file, passphrase);
  if (parsed.kind === 'key') return parsed;
  if (parsed.kind === 'unusable') return locked(`${file} ${parsed.problem}`);
  return locked(`${file}: the passphrase is wrong. Start again, or ${agentHint}.`);
}

async function readKeyFile(file: string): Promise<KeyFile> {
  const unusable = (problem: string, missing = false): KeyFile => ({ kind: 'unusable', problem, missing });
  const found = await readSmallFile(file);
  if ('problem' in found) return unusable(found.problem, found.missing);
  const { text, mode, uid } = found;
  const parsed = parseKeyText(text, file);
  // First what it is: nobody should be told to lock up a public key.
  if (parsed.kind === 'unusable') return unusable(parsed.problem);
  // As ssh does (sshkey_perm_ok of authfile.c): only one's own file is judged.
  if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    return unusable(`can be read by others (mode ${shown}), so it is not used: chmod 600 ${shellWord(file)}`);
  }
  if (parsed.kind === 'encrypted') return { ...parsed, text };
  if (parsed.kind === 'wrong-passphrase') return unusable('cannot be read as a private key.');
  return parsed;
}

async function readPublicHalf(file: string): Promise<Buffer | undefined> {
  for (const path of file.endsWith('.pub') ? [file] : [file, `${file}.pub`]) {
    const found = await readSmallFile(path);
    // The private half is read as such; of a file that is no public key the parser would make what it likes.
    if ('problem' in found || !/^(?:ssh-|ecdsa-sha2-|sk-)/.test(found.text)) continue;
    const parsed = ssh2.utils.parseKey(found.text);
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    if (key !== undefined && !(key instanceof Error)) return key.getPublicSSH();
  }
  return undefined;
}

type SmallFile =
  | { readonly text: string; readonly mode: number; readonly uid: number }
  | { readonly problem: string; readonly missing: boolean };

async function readSmallFile(file: string): Promise<SmallFile> {
  const problem = (text: string, missing = false): SmallFile => ({ problem: text, missing });
  const found = await readRegularFile(file, { mostBytes: MAX_KEY_FILE_BYTES });
  switch (found.kind) {
    case 'read':
      return { text: found.bytes.toString('latin1'), mode: found.stat.mode, uid: found.stat.uid };
    case 'no-regular-file':
      return problem('is no file: give the file of a private key.');
    case 'too-large':
      return problem('is too large for a private key.');
    case 'late':
      return problem(`${found.problem}.`);
    case 'failed':
      break;
    default:
      found satisfies never;
  }
  const { code, message } = found.error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return problem('does not exist: give the file of a private key.', true);
  if (code === 'EACCES') return problem('cannot be read: permission denied. Give a key that is yours.');
  return problem(`cannot be read: ${message}.`);
}
