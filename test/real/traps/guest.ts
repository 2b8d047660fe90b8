/** A User-Mode Linux host as the place of a trap: its own kernel, disk and control groups of version 2. */

import type { Lab } from '../../lab/session.ts';
import { createFleet, type Fleet } from '../../lab/uml.ts';
import { busyPercentBetween, sampleOf } from '../../lab/watch-disk.ts';
import type { Login } from './sweep.ts';
import type { Role } from './trap-case.ts';

export interface GuestMeasured {
  readonly meanBusyPercent: number;
  readonly inFlightBefore: number;
  readonly inFlightAfter: number;
  readonly writeBytesPerSecond: number;
  readonly discardsPerSecond: number;
  /** Processes in an uninterruptible sleep (D) at the beginning and at the end; kernel threads are not counted. */
  readonly blockedBefore: number;
  readonly blockedAfter: number;
}

interface GuestOptions {
  /** Only what it starts plays the role, not itself. */
  readonly group?: boolean;
  /** A control group below the root, made where it is missing, with these settings. */
  readonly cgroup?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Guest {
  /** The disk that can be made slow, mounted at /data. */
  readonly device: string;
  readonly slow: Fleet['slow'] extends (host: number, rate: infer Rate) => void ? (rate: Rate) => void : never;
  /** Runs a shell command to its end and answers what it says; throws where it fails. */
  readonly run: (command: string) => Promise<string>;
  /** Starts a shell script that plays a role. */
  readonly start: (role: string, script: string, options?: GuestOptions) => Promise<void>;
  /** A shell command for when it is over and nothing plays a role any more; the last given is the first to run. */
  readonly afterwards: (command: string) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly login: Login;
  readonly watch: () => Promise<{ readonly stop: () => Promise<GuestMeasured> }>;
  readonly roles: () => Promise<Record<string, Role>>;
  /** Ends what runs and makes the disk what it was. */
  readonly clear: () => Promise<void>;
}

const DEVICE = 'ubdb';
const HOST = 1;

export async function openGuest(lab: Lab): Promise<Guest> {
  const fleet = await createFleet(lab, { hosts: 1 });
  const [address = ''] = fleet.addresses;
  const players = new Map<string, { readonly pid: number; readonly isParentOnly: boolean }>();
  const endings: string[] = [];
  const run = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await fleet.exec(HOST, command);
    if (code !== 0) throw new Error(`${command}: ${code}: ${stderr}`);
    return stdout;
  };
  const start: Guest['start'] = async (role, script, { group = false, cgroup, settings = {} } = {}) => {
    const folder = `/sys/fs/cgroup${cgroup ?? ''}`;
    const lines = [
      ...(cgroup === undefined ? [] : controlGroupLines(cgroup)),
      ...Object.entries(settings).map(([file, value]) => `echo '${value}' >${folder}/${file}`),
      // An earlier case may have had the same role.
      `rm -f /run/${role}.pid`,
      `cat >/run/${role}.sh <<'END'`,
      script,
      'END',
      // In a session of its own: it must not end with the login, nor hold its streams.
      `setsid sh -c 'echo $$ >${folder}/cgroup.procs; echo $$ >/run/${role}.pid; exec sh /run/${role}.sh' </dev/null >/run/${role}.log 2>&1 &`,
      `until [ -s /run/${role}.pid ]; do sleep 0.1; done; cat /run/${role}.pid`,
    ];
    const pid = Number((await run(lines.join('\n'))).trim());
    players.set(role, { pid, isParentOnly: group });
  };
  const disk = async () => {
    const text = await run('cut -d" " -f1 /proc/uptime; cat /proc/diskstats');
    return sampleOf(text, DEVICE, Number.parseFloat(text) * 1000);
  };
  // A kernel thread has no command line that ps could show, so it stands in brackets.
  const blocked = async (): Promise<number> => Number(await run("ps -eo stat=,args= | grep -c '^D[^ ]* *[^ []' || :"));
  return {
    device: DEVICE,
    slow: (rate) => fleet.slow(HOST, rate),
    run,
    start,
    afterwards: (command) => void endings.unshift(command),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    login: {
      host: address,
      port: 22,
      user: 'root',
      identity: fleet.identity,
      knownHosts: fleet.knownHosts,
      command: `nsenter --net=/run/netns/whodisk-lab-${lab.token} busybox nc ${address} 22`,
    },
    watch: async () => {
      const blockedBefore = await blocked();
      const from = await disk();
      return {
        stop: async () => {
          const to = await disk();
          const seconds = (to.atMs - from.atMs) / 1000;
          return {
            meanBusyPercent: busyPercentBetween(from, to),
            inFlightBefore: from.inFlight,
            inFlightAfter: to.inFlight,
            writeBytesPerSecond: (to.writtenBytes - from.writtenBytes) / seconds,
            discardsPerSecond: (to.discarded - from.discarded) / seconds,
            blockedBefore,
            blockedAfter: await blocked(),
          };
        },
      };
    },
    roles: async () => {
      const rows = (await run('ps -eo pid=,ppid=,comm=')).split('\n').flatMap((line) => {
        const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
        return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
      });
      const below = (pid: number): typeof rows =>
        rows.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
      return Object.fromEntries(
        [...players].map(([role, { pid, isParentOnly }]): [string, Role] => {
          const members = below(pid);
          if (!isParentOnly) return [role, { pids: [pid, ...members.map((member) => member.pid)] }];
          const commands = [...new Set(members.map(({ command }) => command))];
          return [role, { pids: members.map((member) => member.pid), parent: pid, commands }];
        }),
      );
    },
    clear: async () => {
      fleet.slow(HOST, 0);
      const sessions = [...players.values()].map(({ pid }) => `pkill -KILL -s ${pid}`);
      players.clear();
      // A control group may go a moment after its last process.
      const groups = 'find /sys/fs/cgroup -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null';
      const over = endings.splice(0);
      const removal = `for i in 1 2 3 4 5 6 7 8; do ${groups} && break; sleep 0.2; done`;
      await run([...sessions, ...over, 'rm -rf /data/[!l]*', 'sync', removal, 'true'].join('\n'));
    },
  };
}

/** Each folder on the way hands its controllers down. */
function controlGroupLines(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return parts.flatMap((_, index) => {
    const parent = `/sys/fs/cgroup/${parts.slice(0, index).join('/')}`;
    const folder = `/sys/fs/cgroup/${parts.slice(0, index + 1).join('/')}`;
    return [`echo '+io +memory' >${parent}/cgroup.subtree_control`, `mkdir -p ${folder}`];
  });
}
