/**
 * What a sweep costs the host: the bundle beside `pidstat -d 5 1` and iotop, on a disk that is really saturated, among a thousand
 * processes of which 200 do I/O. CPU of the whole tree is what the kernel counted for a cgroup of its own, orphans included.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { FrameReader } from '../../runner/bundle/frames.ts';
import { withLab } from '../lab/session.ts';
import { createSlowDisk, SLOW_DISK_NEEDS } from '../lab/slow-disk.ts';
import { watchDisk } from '../lab/watch-disk.ts';
import { bufferedWriter, crowd } from '../lab/workloads.ts';
import { howToGet, isPresent, type Need } from '../need-providers.ts';
import { type Awk, inputFor, rootedCommand, type Shell, withFolder } from '../real/bundle-host.ts';

const ROUNDS = Number(process.argv[2] ?? 3);
const CPUACCT = '/sys/fs/cgroup/cpuacct';
const NEEDS: Need[] = [
  ...SLOW_DISK_NEEDS,
  'sysstat',
  'iotop-c',
  'dash',
  'bash',
  'busybox',
  'mawk',
  'gawk',
  'util-linux',
  'procps',
];
const MIB = 1024 * 1024;

interface Cost {
  readonly cpuMs: number;
  readonly outputBytes: number;
  /** What the tree had written to disks, as /proc/PID/io of its waiting parent says. */
  readonly writtenBytes: number;
  readonly ending: string;
}

let groups = 0;

/** Runs a command with a cgroup of its own; `last` is what it must run to enter it, where it does not right away. */
async function costOf(make: (enter: string) => string[], nonce?: string): Promise<Cost> {
  const group = `${CPUACCT}/whodisk-bench-${process.pid}-${groups++}`;
  mkdirSync(group);
  try {
    // fd 3 belongs to the waiting parent, which is not in the cgroup; its io includes that of the children it has waited for.
    const wrapper = [
      '-c',
      '"$@" 3>&-; grep ^write_bytes: /proc/$$/io >&3',
      'sh',
      ...make(`echo 0 >${group}/cgroup.procs`),
    ];
    const child = spawn('/bin/sh', wrapper, { stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
    const reader = nonce === undefined ? undefined : new FrameReader(nonce);
    let outputBytes = 0;
    let io = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      reader?.push(chunk);
    });
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      io += chunk.toString();
    });
    child.stdin?.on('error', () => {});
    if (nonce !== undefined) child.stdin?.write(inputFor(nonce, { windowSeconds: 5, deadlineSeconds: 15 }));
    await new Promise((resolve) => child.on('close', resolve));
    const ending =
      reader === undefined
        ? ''
        : reader.end === undefined
          ? 'NO END'
          : reader.end.complete
            ? 'complete'
            : reader.end.reason;
    return {
      cpuMs: Number(readFileSync(`${group}/cpuacct.usage`, 'utf8')) / 1e6,
      outputBytes,
      writtenBytes: Number(/\d+/.exec(io)?.[0] ?? Number.NaN),
      ending,
    };
  } finally {
    rmdirSync(group);
  }
}

const entering = (command: readonly string[]) => (enter: string) => [
  'sh',
  '-c',
  `${enter}; exec "$@"`,
  'sh',
  ...command,
];

async function bundleCost(shell: Shell, awk: Awk): Promise<Cost> {
  const nonce = randomBytes(16).toString('hex');
  // As on Debian: where sh is dash, bash is there too.
  const prepare = shell === 'dash' ? 'cp -L "$(command -v bash)" bin/' : '';
  const host = { shell, awk, tools: shell === 'busybox' ? 'busybox' : 'gnu', prepare } as const;
  return withFolder((folder) => costOf((last) => rootedCommand({ ...host, last }, folder), nonce));
}

const missing = NEEDS.filter((need) => !isPresent(need));
if (missing.length > 0) {
  process.stderr.write(`bench:host needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}\n`);
  process.exit(2);
}

const CASES: [name: string, run: () => Promise<Cost>][] = [
  ['pidstat -d 5 1', () => costOf(entering(['pidstat', '-d', '5', '1']))],
  ['iotop -b -n 2 -d 5', () => costOf(entering(['iotop', '-b', '-n', '2', '-d', '5']))],
  ['bundle, dash + mawk', () => bundleCost('dash', 'mawk')],
  ['bundle, bash + gawk', () => bundleCost('bash', 'gawk')],
  ['bundle, busybox', () => bundleCost('busybox', 'busybox')],
];

await withLab(async (lab) => {
  const disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
  await crowd(lab, disk.mountpoint);
  await bufferedWriter(lab, `${disk.mountpoint}/heavy`);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const costs = new Map<string, Cost[]>();
  const watch = watchDisk(disk.device);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of CASES) costs.set(name, [...(costs.get(name) ?? []), await run()]);
  }
  const premise = watch.stop();
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  const base = median((costs.get('pidstat -d 5 1') ?? []).map(({ cpuMs }) => cpuMs));
  const lines = [
    `${processes} processes; ${disk.device} ${premise.meanBusyPercent.toFixed(0)} % busy (at least ${premise.minBusyPercent.toFixed(0)} %), up to ${premise.maxInFlight} in flight; ${ROUNDS} rounds`,
    `${'CPU of the whole tree, median'.padEnd(32)}CPU ms   least  /pidstat    bytes out  bytes written to disk`,
  ];
  for (const [name] of CASES) {
    const all = costs.get(name) ?? [];
    const cpuMs = median(all.map((cost) => cost.cpuMs));
    const least = Math.min(...all.map((cost) => cost.cpuMs));
    const written = Math.max(...all.map((cost) => cost.writtenBytes));
    const endings = [...new Set(all.map(({ ending }) => ending))].filter((ending) => ending !== 'complete').join(',');
    lines.push(
      name.padEnd(32) +
        cpuMs.toFixed(1).padStart(6) +
        least.toFixed(1).padStart(8) +
        (cpuMs / base).toFixed(2).padStart(10) +
        String(median(all.map((cost) => cost.outputBytes))).padStart(13) +
        String(written).padStart(23) +
        (endings === '' ? '' : `  ${endings}`),
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
});
