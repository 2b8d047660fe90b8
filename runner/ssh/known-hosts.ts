/**
 * known_hosts, read as OpenSSH reads it: sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT", hostfile.c and match.c of OpenSSH 9.
 *
 * Pure: text in, entries out. A malformed line is reported by its number and never spoils the others.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { matchesPatternList } from './config/patterns.ts';
import { decodeBase64, isWhole, typeOfBlob } from './key-blob.ts';

export interface KnownKey {
  /** The key's type as the blob itself says it, such as 'ssh-ed25519'. */
  readonly type: string;
  /** The public key as it goes over the wire (RFC 4253 section 6.6). */
  readonly blob: Buffer;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface KnownHostsProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

type Marker = 'none' | 'revoked' | 'cert-authority';

interface Entry {
  readonly marker: Marker;
  readonly key: KnownKey;
  readonly matches: (name: string) => boolean;
}

/** One file's entries; exact names are indexed, since a fleet's file has thousands of them. */
export interface KnownHostsFile {
  readonly file: string;
  readonly byName: ReadonlyMap<string, readonly Entry[]>;
  /** Patterns and hashed names: tried one by one. */
  readonly others: readonly Entry[];
  readonly problems: readonly KnownHostsProblem[];
}

/** What the files say of one host. */
export interface KnownHost {
  /** As known_hosts spells it: 'db1', or '[db1]:2222' where the port is not 22. */
  readonly name: string;
  readonly trusted: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
  readonly authorities: readonly KnownKey[];
  /** Keys of the bare name where the port is not 22: ssh takes one of them that is equal, but none that differs counts. */
  readonly trustedWithoutPort: readonly KnownKey[];
  /** The trusted keys are those that the inventory names, and no file adds to them. */
  readonly pinned?: boolean;
}

/** match_pattern_list of match.c takes no longer one. */
const MAX_PATTERN_CHARACTERS = 1023;
const KEY_TYPE = /^[a-z0-9@.-]{1,64}$/;

/** Parses one file. `file` is only kept, for messages. */
export function parseKnownHosts(text: string, file: string): KnownHostsFile {
  const byName = new Map<string, Entry[]>();
  const others: Entry[] = [];
  const problems: KnownHostsProblem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.replace(/^[ \t]+/, '').replace(/\r$/, '');
    if (content === '' || content.startsWith('#')) continue;
    const parsed = parseLine(content, file, index + 1);
    if ('problem' in parsed) {
      problems.push({ file, line: index + 1, message: parsed.problem });
      continue;
    }
    const { entry, names } = parsed;
    if (names === undefined) {
      others.push(entry);
      continue;
    }
    for (const name of names) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [entry]);
      else known.push(entry);
    }
  }
  return { file, byName, others, problems };
}

/** Everything that the files say of a host. `host` is a name or an address; OpenSSH's CheckHostIP is off, as by default. */
export function lookUpKnownHost(files: readonly KnownHostsFile[], host: string, port: number): KnownHost {
  const bare = host.toLowerCase();
  const name = port === 22 ? bare : `[${bare}]:${port}`;
  const entries = files.flatMap((file) => entriesFor(file, name));
  const bareEntries = port === 22 ? [] : files.flatMap((file) => entriesFor(file, bare));
  const keysOf = (from: readonly Entry[], marker: Marker) =>
    from.filter((entry) => entry.marker === marker).map((entry) => entry.key);
  return {
    name,
    trusted: keysOf(entries, 'none'),
    // A key that is revoked for the host is no good on any of its ports.
    revoked: keysOf([...entries, ...bareEntries], 'revoked'),
    authorities: keysOf([...entries, ...bareEntries], 'cert-authority'),
    trustedWithoutPort: keysOf(bareEntries, 'none'),
  };
}

function entriesFor(file: KnownHostsFile, name: string): Entry[] {
  return [...(file.byName.get(name) ?? []), ...file.others.filter((entry) => entry.matches(name))];
}

type ParsedLine = { entry: Entry; names: ReadonlySet<string> | undefined } | { problem: string };

function parseLine(content: string, file: string, line: number): ParsedLine {
  const fields = content.split(/[ \t]+/);
  let marker: Marker = 'none';
  if (content.startsWith('@')) {
    const word = fields.shift();
    if (word === '@revoked') marker = 'revoked';
    else if (word === '@cert-authority') marker = 'cert-authority';
    else return { problem: 'an unknown marker: only @revoked and @cert-authority are known' };
  }
  const [hosts, type, base64] = fields;
  if (hosts === undefined || type === undefined || base64 === undefined) {
    return { problem: 'not "hosts keytype base64-key"' };
  }
  if (/^\d+$/.test(type)) return { problem: 'a key of SSH protocol 1, which is no longer spoken' };
  if (!KEY_TYPE.test(type)) return { problem: 'the second word is no key type' };
  const blob = decodeBase64(base64);
  if (blob === undefined || typeOfBlob(blob) !== type || !isWhole(blob, type))
    return { problem: `the key is no valid ${type} key` };

  const matcher = matcherFor(hosts);
  if (typeof matcher === 'string') return { problem: matcher };
  return { entry: { marker, key: { type, blob, file, line }, matches: matcher.matches }, names: matcher.names };
}

type Matcher = { matches: (name: string) => boolean; names: ReadonlySet<string> | undefined };

function matcherFor(hosts: string): Matcher | string {
  if (hosts.startsWith('|')) {
    const [, magic, salt64, hash64, ...rest] = hosts.split('|');
    const salt = decodeBase64(salt64 ?? '');
    const hash = decodeBase64(hash64 ?? '');
    if (magic !== '1' || rest.length > 0 || salt?.length !== 20 || hash?.length !== 20) {
      return 'the hashed host name is malformed';
    }
    const matches = (name: string) => timingSafeEqual(createHmac('sha1', salt).update(name).digest(), hash);
    return { matches, names: undefined };
  }
  const list = hosts.toLowerCase();
  const patterns = list.split(',');
  if (patterns.some((pattern) => pattern.length > MAX_PATTERN_CHARACTERS)) return 'a host pattern is too long';
  if (!/[*?!]/.test(hosts)) {
    const names = new Set(patterns.filter((pattern) => pattern !== ''));
    return { matches: (name) => names.has(name), names };
  }
  return { matches: (name) => matchesPatternList(name, list), names: undefined };
}
