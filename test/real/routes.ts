/** What tests need to reach real sshds over one another: destinations, keys for each, and one context. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSshContext, type SshContext, type SshContextOptions } from '../../runner/ssh/context.ts';
import type { Destination, Via } from '../../runner/ssh/destination.ts';
import type { IdentityOptions } from '../../runner/ssh/identities.ts';
import { createIdentitySets } from '../../runner/ssh/identity-sets.ts';
import { readKnownHosts } from '../../runner/ssh/known-hosts-files.ts';
import { createResolver } from '../../runner/ssh/resolve.ts';
import type { Sshd } from './sshd.ts';

/** Each sshd lets one key in, which is the one that its destination names. */
export function destinationOf(
  sshd: Sshd,
  via: Via = { kind: 'direct' },
  changes: Partial<Destination> = {},
): Destination {
  const { user, host, port, identity } = sshd;
  return { user, host, port, via, identityFiles: [identity], identitiesOnly: true, ...changes };
}

export const through = (hop: Destination): Via => ({ kind: 'jump', hop });

/** Knows the host keys of all these, and has no keys but those that destinations name. */
export async function contextOf(
  sshds: readonly Pick<Sshd, 'hostKeyLine' | 'folder'>[],
  identities: Partial<IdentityOptions> = {},
  changes: Partial<SshContextOptions> = {},
): Promise<SshContext> {
  const homeDirectory = sshds[0]?.folder ?? '/nonexistent';
  const file = join(homeDirectory, 'known_hosts_of_all');
  writeFileSync(file, sshds.map(({ hostKeyLine }) => `${hostKeyLine}\n`).join(''));
  return createSshContext({
    knownHosts: await readKnownHosts({ file, homeDirectory }),
    identitySets: createIdentitySets({ files: [], homeDirectory, ...identities }),
    resolve: await createResolver(),
    ...changes,
  });
}

/** How many log-ins an sshd took, and how many connections it had, the fixture's own first look among them. */
export function countsIn(sshd: Sshd): { logins: number; connections: number } {
  const count = (pattern: RegExp) => sshd.log().match(pattern)?.length ?? 0;
  return { logins: count(/Accepted publickey/g), connections: count(/Connection from/g) - 1 };
}

/** Lets the key in `publicFile` in instead of the fixture's own. */
export function letIn(sshd: Sshd, publicFile: string): void {
  writeFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(publicFile));
}
