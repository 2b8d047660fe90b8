/** A folder with a whodisk.yml of many hosts, each at an address of its own, all of them on one SSH server of this process. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeyPair } from './key-pair.ts';

export interface LoopbackFleet {
  /** Made here, and to be removed by whoever asked for it: whodisk.yml, and the key that it names. */
  readonly folder: string;
  /** host-1 and so on; group @fleet has them all, and @empty none. */
  readonly names: readonly string[];
  readonly configText: string;
}

export interface LoopbackFleetOptions {
  /** Started with `isEveryLoopback`. */
  readonly server: { readonly port: number; readonly knownHosts: string };
  readonly hosts: number;
  /** More lines of whodisk.yml. */
  readonly more?: string;
}

export function loopbackFleet({ server, hosts, more = '' }: LoopbackFleetOptions): LoopbackFleet {
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-fleet-'));
  const names = Array.from({ length: hosts }, (_, index) => `host-${index + 1}`);
  const key = server.knownHosts.split(' ').slice(1, 3).join(' ').trim();
  const lines = names.map((name, index) => {
    const address = `127.0.${1 + (index >> 8)}.${index & 255}`;
    return `  ${name}: { address: ${address}, port: ${server.port}, hostKeys: ['${key}'] }`;
  });
  const groups = ['groups:', `  fleet: ['host-[1-${hosts}]']`, '  empty: []'];
  const configText = ['user: root', 'identityFiles: [id]', more, 'hosts:', ...lines, ...groups].join('\n');
  writeFileSync(join(folder, 'id'), makeKeyPair().private);
  chmodSync(join(folder, 'id'), 0o600);
  writeFileSync(join(folder, 'whodisk.yml'), configText);
  return { folder, names, configText };
}
