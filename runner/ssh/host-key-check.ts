/** What counts as the key of one host: pins of the inventory, known_hosts, and with accept-new what it shows for the first time. */
import type { Failure } from '../report.ts';
import type { SshContext } from './context.ts';
import type { Destination } from './destination.ts';
import { decideHostKey, type HostKeyDecision, type HostKeyPlace } from './host-key.ts';
import { type KnownHost, type KnownKey, lookUpKnownHost, parseKnownHosts } from './known-hosts.ts';
import type { KnownHosts } from './known-hosts-files.ts';
import { jumpList } from './route-words.ts';

export interface HostKeyCheck {
  readonly known: KnownHost;
  /** Judges the key that the host shows. 'new': it may go on if `keepNew` agrees once the host has proved the key. */
  readonly verify: (blob: Buffer) => HostKeyDecision;
  /** Keeps a new key; the failure of the host where that is not possible. */
  readonly keepNew: (blob: Buffer) => Promise<Failure | undefined>;
}

/** The failure where a pin of the inventory or a file of known hosts cannot be read: then nobody knows which key would be the right one. */
export async function hostKeyCheck(
  destination: Destination,
  context: SshContext,
): Promise<HostKeyCheck | { readonly failure: Failure }> {
  const { knownHostsFiles, pins } = destination;
  const knownHosts =
    knownHostsFiles === undefined ? context.knownHosts : await context.otherKnownHosts(knownHostsFiles);
  if (knownHosts.refusal !== undefined) {
    const message = `The known host keys for ${destination.host} cannot be read: ${knownHosts.refusal} Name another file (UserKnownHostsFile, --known-hosts).`;
    return { failure: { phase: 'hostkey', kind: 'unsupported-setting', message } };
  }
  const found = lookUp(destination, knownHosts, context);
  const known = pins === undefined || pins.length === 0 ? found : pinnedHost(destination, pins, found);
  if ('failure' in known) return known;

  const place = placeOfKeys(destination, knownHosts);
  const mayBeNew = context.hostKeys === 'accept-new' && context.pins !== undefined && known.pinned !== true;
  return {
    known,
    verify: (blob) => {
      const decision = decideHostKey(blob, known, place);
      if (decision.kind !== 'hostkey-unknown' || !mayBeNew) return decision;
      const taken = context.pins?.takenInThisSweep(known.name);
      if (taken === undefined) return { kind: 'new' };
      return taken.equals(blob) ? { kind: 'accepted' } : { kind: 'hostkey-changed', message: twoKeys(known.name) };
    },
    keepNew: async (blob) => {
      const kept = await context.pins?.keep(known.name, blob);
      switch (kept?.kind) {
        case 'kept':
          return undefined;
        case 'differs':
          return { phase: 'hostkey', kind: 'hostkey-changed', message: twoKeys(known.name, kept.line) };
        case 'not-kept':
        case undefined: {
          const message = `${known.name} shows a key for the first time, which ${kept?.problem ?? 'cannot be kept'}. Mend that, or add the key to ${place.mendFile} by hand.`;
          return { phase: 'hostkey', kind: 'hostkey-unknown', message };
        }
        default:
          return kept satisfies never;
      }
    },
  };
}

/** @param line where a sweep that runs at the same time has pinned the other one */
function twoKeys(name: string, line?: KnownKey): string {
  const when =
    line === undefined ? 'earlier in this very sweep' : `to another sweep just now (${line.file} line ${line.line})`;
  return `${name} showed another key ${when}: two hosts answer to this name, or someone else does. Compare the fingerprints with the host's own (ssh-keygen -lf) before it is trusted.`;
}

function lookUp({ host, port, hostKeyAlias }: Destination, { files }: KnownHosts, { pins }: SshContext): KnownHost {
  const all = pins?.file === undefined ? files : [...files, pins.file];
  // As ssh does (get_hostfile_hostname_ipaddr of sshconnect.c): the alias alone, without a port.
  return hostKeyAlias === undefined ? lookUpKnownHost(all, host, port) : lookUpKnownHost(all, hostKeyAlias, 22);
}

/** Of what the files say only revocations still count. */
function pinnedHost(
  destination: Destination,
  pins: readonly string[],
  found: KnownHost,
): KnownHost | { readonly failure: Failure } {
  const parsed = pins.map((pin) => parseKnownHosts(`pinned ${pin.trim()}`, 'the inventory'));
  for (const [index, { byName, problems }] of parsed.entries()) {
    if (byName.get('pinned')?.length === 1) continue;
    const why = problems[0]?.message ?? 'it is no single key';
    const message = `The host key that the inventory pins for ${destination.host} (number ${index + 1}) cannot be read: ${why}. Write it as in the host's /etc/ssh/ssh_host_ed25519_key.pub: ssh-ed25519 AAAA…`;
    return { failure: { phase: 'hostkey', kind: 'unsupported-setting', message } };
  }
  const trusted = lookUpKnownHost(parsed, 'pinned', 22).trusted;
  return { ...found, trusted, trustedWithoutPort: [], authorities: [], pinned: true };
}

function placeOfKeys(destination: Destination, { mendFile }: KnownHosts): HostKeyPlace {
  const { host, port, user, hostKeyAlias, via } = destination;
  const jump = jumpList(via);
  return {
    host,
    port,
    mendFile,
    ...(via.kind !== 'direct' && { throughSsh: { user, ...(jump !== undefined && { jump }) } }),
    ...(hostKeyAlias !== undefined && { alias: hostKeyAlias }),
  };
}
