/**
 * The hosts of the fan-out benchmark. All of 127.0.0.0/8 is this machine, so one real sshd is as many hosts as are dialled. It cannot
 * listen on a /8: it listens on every address, on a random port, and lets in who comes from 127.0.0.0/8 only.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sshd, startSshd } from '../real/sshd.ts';
import { answerOf, type HostAnswer } from './fanout-answers.ts';
import { compile } from './fanout-measure.ts';
import { NONCE_PLACEHOLDER, recordedFrames } from './replay-host.ts';

/** A host that replays an answer of its own. */
export interface ReplayingHost extends HostAnswer {
  /** What it is dialled by, and so its name. */
  readonly address: string;
}

export interface Site {
  /** 0755, gone after `stop`. */
  readonly folder: string;
  readonly replaying: Sshd;
  readonly hosts: readonly ReplayingHost[];
  /** A host whose answer carries the nonce of another run. */
  readonly staleAddress: string;
  /** An sshd that runs what it is asked to run: the bundle. */
  readonly genuine: Sshd;
  readonly genuineAddresses: readonly string[];
  readonly stop: () => Promise<void>;
}

const STALE_NONCE = '0123456789abcdef'.repeat(2);
/** No session of these is to be refused or slowed down for anything but its own cost. */
const CONFIG = `
AllowUsers *@127.0.0.0/8
MaxStartups 4000:30:4000
MaxSessions 10
LoginGraceTime 120
LogLevel ERROR
UseDNS no
PrintMotd no
PrintLastLog no
X11Forwarding no
`;

/** Needs root, and what `startSshd` and `compile` need. Undoes what it has done where it throws. */
export async function openSite(hosts: number, genuineHosts: number): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-fanout-'));
  const sshds: Sshd[] = [];
  const stop = async () => {
    for (const sshd of sshds.splice(0)) await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // The user that the hosts' sessions run as reads the answers.
    chmodSync(folder, 0o755);
    const replay = compile('replay-host.c', folder);
    const answers = join(folder, 'answers');
    mkdirSync(answers, 0o755);
    const recorded = recordedFrames();
    const replayingHosts = Array.from({ length: hosts }, (_, index) => ({
      address: addressOf(1, index),
      ...answerOf(recorded, index),
    }));
    for (const { address, answer } of replayingHosts) writeFileSync(join(answers, address), answer);
    const staleAddress = addressOf(3, 0);
    const stale = answerOf(recorded, 0).answer.toString('latin1').replaceAll(NONCE_PLACEHOLDER, STALE_NONCE);
    writeFileSync(join(answers, staleAddress), stale, 'latin1');

    const common = { listenAddress: '0.0.0.0', user: {} };
    const replaying = await startSshd({ ...common, extraConfig: `${CONFIG}ForceCommand exec ${replay} ${answers}\n` });
    sshds.push(replaying);
    const genuine = await startSshd({ ...common, extraConfig: CONFIG });
    sshds.push(genuine);
    const genuineAddresses = Array.from({ length: genuineHosts }, (_, index) => addressOf(2, index));
    return { folder, replaying, hosts: replayingHosts, staleAddress, genuine, genuineAddresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const addressOf = (network: number, index: number): string =>
  `127.${network}.${Math.floor(index / 250)}.${1 + (index % 250)}`;

/** A known_hosts file as a fleet has it: one exact entry for each host. */
export function writeKnownHosts(site: Site, sshd: Sshd, addresses: readonly string[]): string {
  const [, type, key] = sshd.hostKeyLine.split(' ');
  const file = join(site.folder, `known_hosts-${sshd.port}-${addresses.length}`);
  const lines = addresses.map((address) => `[${address}]:${sshd.port} ${type} ${key}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  return file;
}

/** CPU time of this sshd and of all its sessions that have ended: fields 14 to 17 of /proc/PID/stat, in hundredths of a second. */
export function serverCpuMs({ pid }: Sshd): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const ticks = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return ticks.reduce((sum, each) => sum + Number(each) * 10, 0);
}
