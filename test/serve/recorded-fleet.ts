/** Hosts that answer with what was recorded, all of them on one SSH server, and a whodisk.yml that describes them. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, wireOf } from '../bundle-answer.ts';
import { answering } from '../faults/answering-host.ts';
import { makeKeyPair } from '../faults/key-pair.ts';
import { startSshServer } from '../faults/ssh-server.ts';

export interface RecordedFleet {
  /** With whodisk.yml and the key in it, and the state folder to be. */
  readonly folder: string;
  /** host-1 and so on; group @fleet has them all. */
  readonly names: readonly string[];
  remove(): Promise<void>;
}

export interface RecordedFleetOptions {
  readonly hosts: number;
  /** How long a host takes; default: no time. Each shows a disk that logtest.py saturates. */
  readonly answerAfterMs?: number;
  /** More lines of whodisk.yml. */
  readonly more?: string;
}

export async function recordedFleet({
  hosts,
  answerAfterMs = 0,
  more = '',
}: RecordedFleetOptions): Promise<RecordedFleet> {
  const server = await startSshServer({
    isEveryLoopback: true,
    // It listens to the script from the first byte on: what comes before is lost.
    onExec: answering((nonce, channel) => {
      setTimeout(() => channel.write(`${wireOf(answer(), nonce)}${nonce} end 0 complete\n`), answerAfterMs);
    }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-service-'));
  const names = Array.from({ length: hosts }, (_, index) => `host-${index + 1}`);
  const key = server.knownHosts.split(' ').slice(1, 3).join(' ').trim();
  const lines = names.map((name, index) => {
    const address = `127.0.${1 + (index >> 8)}.${index & 255}`;
    return `  ${name}: { address: ${address}, port: ${server.port}, hostKeys: ['${key}'] }`;
  });
  writeFileSync(join(folder, 'id'), makeKeyPair().private);
  chmodSync(join(folder, 'id'), 0o600);
  writeFileSync(
    join(folder, 'whodisk.yml'),
    ['user: root', 'identityFiles: [id]', 'hosts:', ...lines, 'groups:', `  fleet: ['host-[1-${hosts}]']`, more].join(
      '\n',
    ),
  );
  return {
    folder,
    names,
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
