/**
 * Ciphers, MACs, KexAlgorithms and HostKeyAlgorithms of ssh_config(5) against the algorithms that we offer. Pure.
 *
 * A list there can only take algorithms away from ours, never bring others in: what it leaves is offered, in our own order, and a
 * host for which nothing is left is not dialled. To leave such a list out would connect with what somebody has ruled out (system-wide
 * policies of Fedora and RHEL set all four); to fail wherever one is set would shut those machines out.
 */
import { ALGORITHMS } from '../algorithms.ts';
import type { Destination } from '../destination.ts';
import { hostKeyAlgorithms } from '../host-key.ts';
import { matchesPatternList } from './patterns.ts';

export type AlgorithmKind = 'kex' | 'cipher' | 'mac' | 'hostKey';

/** What is offered where nothing narrows it, each best first. */
const OURS: Readonly<Record<AlgorithmKind, readonly string[]>> = {
  kex: ALGORITHMS.kex,
  cipher: ALGORITHMS.cipher,
  mac: ALGORITHMS.hmac,
  hostKey: hostKeyAlgorithms({ name: '', trusted: [], revoked: [], authorities: [], trustedWithoutPort: [] }),
};

/** RFC 5647 and chacha20-poly1305 bring their own integrity check: no MAC is negotiated for them. */
const NEEDS_NO_MAC = /-gcm@openssh\.com$|^chacha20-poly1305@openssh\.com$/;

/**
 * What `list` leaves of ours; undefined where it is no list. All of ours are among OpenSSH's defaults, so that "+" (more) and "^"
 * (first) take nothing away; "-" takes away by pattern (kex_assemble_names of kex.c).
 */
export function narrowAlgorithms(kind: AlgorithmKind, list: string): readonly string[] | undefined {
  const names = list.replace(/^[-+^]/, '');
  if (names === '' || names.split(',').includes('')) return undefined;
  if (list.startsWith('+') || list.startsWith('^')) return OURS[kind];
  if (list.startsWith('-')) return OURS[kind].filter((name) => !matchesPatternList(name, names));
  return OURS[kind].filter((name) => matchesPatternList(name, names));
}

/** The four lists as they were set; absent: not restricted. */
export type AlgorithmLists = { readonly [Kind in AlgorithmKind]?: string | undefined };

/** undefined: nothing is taken away. `nothingLeft` names the kind of which all of ours are ruled out. */
export function narrowAll(
  lists: AlgorithmLists,
): NonNullable<Destination['algorithms']> | { readonly nothingLeft: AlgorithmKind } | undefined {
  const narrowed: { [Kind in AlgorithmKind]?: readonly string[] } = {};
  for (const kind of ['kex', 'cipher', 'mac', 'hostKey'] as const) {
    const list = lists[kind];
    const left = list === undefined ? undefined : narrowAlgorithms(kind, list);
    if (left !== undefined && left.length < OURS[kind].length) narrowed[kind] = left;
  }
  if (narrowed.mac?.length === 0) {
    // Without a MAC only the ciphers that need none are left.
    delete narrowed.mac;
    narrowed.cipher = (narrowed.cipher ?? OURS.cipher).filter((name) => NEEDS_NO_MAC.test(name));
    if (narrowed.cipher.length === 0) return { nothingLeft: 'mac' };
  }
  for (const kind of ['kex', 'cipher', 'hostKey'] as const) {
    if (narrowed[kind]?.length === 0) return { nothingLeft: kind };
  }
  return Object.keys(narrowed).length === 0 ? undefined : narrowed;
}
