/** Hosts that answer with what was recorded, and a whodisk.yml that describes them. */
import { rmSync } from 'node:fs';
import { answer, wireOf } from '../bundle-answer.ts';
import { answering } from '../faults/answering-host.ts';
import { loopbackFleet } from '../faults/loopback-fleet.ts';
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
  const { folder, names } = loopbackFleet({ server, hosts, more });
  return {
    folder,
    names,
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
