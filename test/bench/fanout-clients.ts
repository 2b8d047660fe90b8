/** The command lines that are measured beside each other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALGORITHMS } from '../../runner/ssh/algorithms.ts';
import type { Sshd } from '../real/sshd.ts';
import { WHODISK } from '../real/whodisk-command.ts';
import { type Cost, measure } from './fanout-measure.ts';
import type { Site } from './fanout-site.ts';

/** 'clush, default kex': as ssh comes, see `runClush`. */
export type Client = 'whodisk' | 'clush' | 'clush, default kex';

export interface Visit {
  readonly sshd: Sshd;
  readonly addresses: readonly string[];
  readonly knownHosts: string;
  readonly forks: number;
  readonly windowSeconds: number;
}

export interface ClientRun extends Cost {
  /** The file with its stdout. */
  readonly output: string;
  /** Its home, with its state directory. */
  readonly folder: string;
  readonly stderr: string;
}

export interface Bench {
  readonly site: Site;
  /** The compiled fanout-measure.c. */
  readonly measurer: string;
  readonly signal: AbortSignal;
}

/** Enough for two sockets a host at a width of a thousand, as `ulimit -n 4096` would be. */
const OPEN_FILES = 4096;

let runs = 0;

function run(bench: Bench, command: readonly [string, ...string[]], home?: string): Promise<ClientRun> {
  const { site, measurer, signal } = bench;
  const number = runs++;
  const folder = home ?? join(site.folder, `run-${number}`);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const output = join(folder, `stdout-${number}`);
  // Nothing of whoever runs the benchmark: no agent, no ssh_config, no inventory, a state directory of its own.
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8' };
  return measure(measurer, { command, env, folder, output, openFiles: OPEN_FILES, signal }).then((cost) => ({
    ...cost,
    output,
    folder,
  }));
}

/** `store`: undefined where the option is to be left out. */
export function runWhodisk(bench: Bench, visit: Visit, store: 'none' | undefined): Promise<ClientRun> {
  const { sshd, addresses, knownHosts, forks, windowSeconds } = visit;
  const login = ['--user', sshd.user, '--port', String(sshd.port), '--identity', sshd.identity];
  const how = ['--known-hosts', knownHosts, '--forks', String(forks), '--window', String(windowSeconds), '--json'];
  const keep = store === undefined ? [] : ['--store', store];
  return run(bench, [process.execPath, WHODISK, ...login, ...how, ...keep, ...addresses]);
}

/** What whodisk says of a host after a sweep that was kept. */
export function explain(bench: Bench, sweep: ClientRun, host: string): Promise<ClientRun> {
  return run(bench, [process.execPath, WHODISK, 'explain', host], sweep.folder);
}

/** Whether this whodisk keeps what it finds; also has the launcher build what the measured runs are to find built. */
export async function hasStore(bench: Bench, read: (file: string) => string): Promise<boolean> {
  const help = await run(bench, [process.execPath, WHODISK, '--help']);
  if (help.status !== 0) throw new Error(`whodisk --help: ${help.stderr}`);
  return read(help.output).includes('--store');
}

/** The key exchange that whodisk asks for first. */
const OUR_KEX = ALGORITHMS.kex[0];

/**
 * The same sleep and the same bytes from every host. The time limits are long ones: all that shall count is what it costs.
 *
 * `kex`: 'ours' is the same cryptography on both sides. 'default' is ssh's own choice, since OpenSSH 9.0 one that withstands quantum
 * computers (sntrup761x25519-sha512), which whodisk cannot speak: it costs ten times the CPU, of the client and of the server.
 */
export function runClush(bench: Bench, visit: Visit, kex: 'ours' | 'default'): Promise<ClientRun> {
  const { sshd, addresses, knownHosts, forks, windowSeconds } = visit;
  const options = [
    `-F /dev/null -i ${sshd.identity} -p ${sshd.port} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes`,
    `-o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=/dev/null`,
    ...(kex === 'ours' ? [`-o KexAlgorithms=${OUR_KEX}`] : []),
  ].join(' ');
  const limits = ['-t', '120', '-u', '120'];
  const where = ['-w', addresses.join(','), '-f', String(forks), '-l', sshd.user, '-o', options];
  return run(bench, ['clush', '--nostdin', ...limits, ...where, `replay ${windowSeconds}`]);
}
