/** A fleet of as many light hosts as are asked for, and the whodisk.yml that describes it. */
import { fileURLToPath } from 'node:url';
import { RECORDED } from '../bench/replay-host.ts';
import { buildProgram } from '../store/build-program.ts';
import { startForked } from './forked.ts';
import { addressOf, nameOf } from './light-hosts.ts';

export interface ScaleFleet {
  /** Worst-first order is whodisk's affair; these are by number. */
  readonly names: readonly string[];
  /** Group @fleet has them all. */
  readonly configText: string;
  readonly knownHosts: string;
  /** How often hosts were asked for their answer so far. */
  visits(): Promise<number>;
  /** Of the servers of all hosts. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** How long each host takes, instead of a window. */
export const HOST_TAKES_MS = 1000;

/** @param settings lines of whodisk.yml, by default those of a large sweep: this machine is all hosts too, and nobody's deadline is to depend on it */
export async function startScaleFleet(
  hosts: number,
  settings: readonly string[] = ['windowSeconds: 1', 'deadlineSeconds: 50'],
): Promise<ScaleFleet> {
  const program = await buildProgram(new URL('./light-ssh-program.ts', import.meta.url));
  const args = [String(HOST_TAKES_MS), fileURLToPath(RECORDED)];
  const forked = await startForked(program.file, { args, env: { PATH: process.env['PATH'] ?? '' } });
  program.remove();
  const { port, key } = forked.first as { port: number; key: string };
  const names = Array.from({ length: hosts }, (_, host) => nameOf(host));
  const lines = names.map((name, host) => `  ${name}: { address: ${addressOf(host)} }`);
  const [first = '', last = ''] = [names[0], names.at(-1)].map((name) => name?.replace('host-', ''));
  const groups = ['groups:', `  fleet: ['host-[${first}-${last}]']`];
  return {
    names,
    knownHosts: `[127.77.*]:${port} ${key}\n`,
    configText: ['user: root', `port: ${port}`, ...settings, 'hosts:', ...lines, ...groups, ''].join('\n'),
    visits: () =>
      new Promise((resolve) => {
        forked.child.once('message', (said) => resolve((said as { visits: number }).visits));
        forked.child.send('visits');
      }),
    cpuMs: forked.cpuMs,
    stop: forked.kill,
  };
}
