/** Secrets of a service, read when they are used: one that is replaced counts from then on, without a restart. */
import { constants } from 'node:fs';
import { isForeign } from '../runner/fleet/file-trust.ts';
import { isPrivateGroup } from '../runner/fleet/private-group.ts';
import { type Bytes, readWithin } from '../runner/fleet/read-within.ts';
import { utf8Text } from '../runner/fleet/utf8-text.ts';

export type SecretRead =
  | { readonly secret: string }
  /** A sentence that names the variable or the file, never what is in it. */
  | { readonly problem: string };

/** Where `{env: NAME}` leads where that is no variable of the process, such as to a store of secrets. Never rejects. */
export type SecretOfName = (name: string) => Promise<SecretRead>;

/** The environment of the process, or what stands in its place. */
export type SecretEnvironment = Readonly<Record<string, string | undefined>> | SecretOfName;

/**
 * What an environment variable or a file holds, without the newline at its end. A file that others may read is no secret any more: it is
 * refused, as ssh(1) refuses such a key. Never rejects.
 *
 * @param source as whodisk.yml names it; `file` is an absolute path
 */
export async function readSecret(
  source: { readonly env: string } | { readonly file: string },
  env: SecretEnvironment,
): Promise<SecretRead> {
  if ('env' in source) {
    if (typeof env === 'function') return await env(source.env);
    const name = `The environment variable ${source.env}`;
    const value = env[source.env];
    return value === undefined
      ? { problem: `${name} is not set: set it for the service.` }
      : checkedSecret(value, name);
  }
  const name = `The file ${source.file}`;
  const read = await readWithin(source.file, MOST_BYTES);
  if (read.kind === 'folder') return { problem: `${name} is a folder: name the file in it.` };
  if (read.kind === 'unreadable') return { problem: `${name} cannot be read: ${read.message}` };
  const exposure = exposureOf(read);
  if (exposure !== undefined) return { problem: `${name} is no secret: ${exposure}` };
  const text = utf8Text(read.bytes);
  return checkedSecret('problem' in text ? '\0' : text.text, name);
}

/** Whose it is and who may read it; root's files are given to services by systemd (LoadCredential=), which then are theirs to read. */
function exposureOf(file: Extract<Bytes, { kind: 'bytes' }>): string | undefined {
  // /dev/null is everybody's, and empty.
  if ((file.mode & constants.S_IFMT) === constants.S_IFCHR) return undefined;
  if (isForeign(file)) return 'it belongs to another user: chown it.';
  if ((file.mode & (constants.S_IROTH | constants.S_IWOTH)) !== 0) return 'everybody may read it: chmod 600 it.';
  const isForGroup = (file.mode & (constants.S_IRGRP | constants.S_IWGRP)) !== 0;
  if (!isForGroup || isPrivateGroup(file.gid)) return undefined;
  return `all of group ${file.gid} may read it: chmod 600 it.`;
}

/** @param name begins the sentence of a problem */
export function checkedSecret(value: string, name: string): SecretRead {
  const secret = value.replace(/\r?\n$/u, '');
  if (secret.trim() === '') return { problem: `${name} is empty: put the secret into it.` };
  if (secret.length > MOST_BYTES)
    return { problem: `${name} holds more than ${MOST_BYTES / 1024} KiB: that is no secret.` };
  // A header or a URL takes no control characters, and a second line is a second thing.
  if (/\p{Cc}/u.test(secret))
    return { problem: `${name} holds more than one line, or no text: put the secret alone into it.` };
  return { secret };
}

const MOST_BYTES = 16 * 1024;
