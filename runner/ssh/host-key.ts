/** Whether the key that a host shows is the one we know, and what to do when it is not. */
import { createHash } from 'node:crypto';
import { typeOfBlob } from './key-blob.ts';
import type { KnownHost, KnownKey } from './known-hosts.ts';
import { shellWord } from './shell-word.ts';

/** The refusals are kinds of failure in the report. */
export type HostKeyDecision =
  | { readonly kind: 'accepted' }
  /** Nobody knows it, and it may be taken once the host has proved that it holds it. */
  | { readonly kind: 'new' }
  | {
      readonly kind: 'hostkey-unknown' | 'hostkey-changed' | 'hostkey-revoked' | 'hostkey-certificate';
      readonly message: string;
    };

/** Where a key was looked for, and what a message can tell to do about it. */
export interface HostKeyPlace {
  readonly host: string;
  readonly port: number;
  /** The known_hosts file that messages say to mend. */
  readonly mendFile: string;
  /** HostKeyAlias: the name in known_hosts is not the one that is dialled. */
  readonly alias?: string;
  /** ssh-keyscan does not get there, ssh does: over these hops (ssh -J), or as its configuration says. */
  readonly throughSsh?: { readonly user: string; readonly jump?: string };
}

/** Host key algorithms we accept, best first. ssh-rsa, RSA with SHA-1, is not among them (RFC 8332). */
const ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

const ALGORITHMS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/**
 * The algorithms to ask a host for, those of the stored keys first: a host with several keys shows the one that the client
 * prefers, and if that is not the stored one, a valid host would be refused (order_hostkeyalgs of OpenSSH's sshconnect2.c).
 */
export function hostKeyAlgorithms(known: KnownHost): string[] {
  const stored = known.trusted.length > 0 ? known.trusted : known.trustedWithoutPort;
  const revoked = new Set(known.revoked.map(({ blob }) => blob.toString('latin1')));
  const usable = stored.filter(({ blob }) => !revoked.has(blob.toString('latin1')));
  const preferred = usable.flatMap(({ type }) => ALGORITHMS_OF_TYPE[type] ?? [type]);
  const ordered = ALGORITHMS.filter((algorithm) => preferred.includes(algorithm));
  return [...ordered, ...ALGORITHMS.filter((algorithm) => !preferred.includes(algorithm))];
}

/** SHA256:…, as ssh-keygen -l shows it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Judges the key `blob` that the host showed. Nothing is accepted but a key that is known for this very host.
 */
export function decideHostKey(blob: Buffer, known: KnownHost, where: HostKeyPlace): HostKeyDecision {
  const is = (key: KnownKey) => key.blob.equals(blob);
  const shown = `${nameOfType(blob)} key ${fingerprint(blob)}`;
  const add = howToAdd(where);
  const look =
    'compare the fingerprint with what `ssh-keygen -lf` says of its key files in /etc/ssh on the host itself';

  // Revoked outranks trusted, as in check_key_not_revoked of hostfile.c.
  const revoked = known.revoked.find(is);
  if (revoked !== undefined) {
    const message = `${known.name} shows the ${shown}, which ${placeOf(revoked)} marks as revoked: someone who holds a stolen key may be answering. Do not log in; ask whoever revoked it.`;
    return { kind: 'hostkey-revoked', message };
  }
  if (known.trusted.some(is)) return { kind: 'accepted' };

  const [stored] = known.trusted;
  if (stored !== undefined && known.pinned === true) {
    const message = `${known.name} shows the ${shown}, not a key that is pinned in the inventory: it was reinstalled, or someone else is answering. If the change is meant, ${look}, then write the new key there.`;
    return { kind: 'hostkey-changed', message };
  }
  if (stored !== undefined) {
    const types = [...new Set(known.trusted.map(({ type }) => type))];
    const others = types.includes(typeOfBlob(blob) ?? '') ? '' : `, of another type than the known ${types.join(', ')}`;
    const remove = `ssh-keygen -R ${shellWord(known.name)} -f ${shellWord(stored.file)}`;
    const message = `${known.name} shows the ${shown}${others}, not the key in ${placeOf(stored)}: it was reinstalled, or someone else is answering. If the change is meant, ${look}, then ${add.isCommand ? `run: ${remove} && ${add.text}` : `run: ${remove} and ${add.text}`}`;
    return { kind: 'hostkey-changed', message };
  }
  if (known.trustedWithoutPort.some(is)) return { kind: 'accepted' };

  const [authority] = known.authorities;
  if (authority !== undefined) {
    const message = `${known.name} is known only through the certificate authority in ${placeOf(authority)}, and host certificates are not supported. It shows the ${shown}: ${look}, then add the key itself: ${add.text}`;
    return { kind: 'hostkey-certificate', message };
  }
  const message = `${known.name} shows the ${shown}, and no known_hosts file has a key for it: ${look}, then ${add.isCommand ? `run: ${add.text}` : add.text} (or sweep once with --host-keys accept-new, which takes it as it is)`;
  return { kind: 'hostkey-unknown', message };
}

/** How the key of a host gets into known_hosts: a command, or a sentence's end where no command alone does it. */
function howToAdd({ host, port, mendFile, alias, throughSsh }: HostKeyPlace): { text: string; isCommand: boolean } {
  const dashP = port === 22 ? '' : ` -p ${port}`;
  if (throughSsh !== undefined) {
    const { user, jump } = throughSsh;
    const dashJ = jump === undefined ? '' : ` -J ${shellWord(jump)}`;
    const as = alias === undefined ? '' : ` -o ${shellWord(`HostKeyAlias=${alias}`)}`;
    const command = `ssh${dashJ}${as}${dashP} ${shellWord(`${user}@${host}`)}`;
    return { text: `log in once with ssh, which asks and adds it: ${command}`, isCommand: false };
  }
  const keyscan = `ssh-keyscan${dashP} ${shellWord(host)}`;
  if (alias === undefined) return { text: `${keyscan} >> ${shellWord(mendFile)}`, isCommand: true };
  const text = `add what ${keyscan} prints to ${mendFile}, with ${alias} in place of the name`;
  return { text, isCommand: false };
}

function placeOf({ file, line }: KnownKey): string {
  return `${file} line ${line}`;
}

/** ED25519, ECDSA, RSA; the type is the host's own word, so that nothing else of it is repeated. */
function nameOfType(blob: Buffer): string {
  const type = typeOfBlob(blob) ?? '';
  if (type === 'ssh-ed25519') return 'ED25519';
  if (type.startsWith('ecdsa-sha2-')) return 'ECDSA';
  return type === 'ssh-rsa' ? 'RSA' : 'unusual';
}
