/** The five captures of the case, turned into samples. Only what stands in the captures is used; what they do not say stays absent. */
import { readFileSync } from 'node:fs';
import type { CpuTicks } from '../../runner/proc/cpu-stat.ts';
import type { BlockDevice } from '../../runner/proc/sys-block.ts';
import type { BlockedCall } from '../../runner/proc/syscall.ts';
import type {
  Counted,
  DiskActivity,
  HostSamples,
  OpenFile,
  ProcessActivity,
  Suspect,
} from '../../runner/triage/samples.ts';

export interface Captures {
  top: string;
  iostat: string;
  pidstat: string;
  strace: string;
  lsof: string;
}

export function readCaptures(): Captures {
  const read = (name: string): string => readFileSync(new URL(`./${name}.txt`, import.meta.url), 'utf8');
  return {
    top: read('top'),
    iostat: read('iostat'),
    pidstat: read('pidstat'),
    strace: read('strace'),
    lsof: read('lsof'),
  };
}

const numbers = (line: string): number[] => line.trim().split(/\s+/).map(Number);

export function samplesOf(captures: Captures): HostSamples {
  const disks = iostat(captures.iostat);
  const files = lsof(captures.lsof);
  const pid = Number(/^strace: Process (\d+) attached/m.exec(captures.strace)?.[1]);
  const suspect: Suspect = {
    pid,
    startTicks: 1,
    samples: 1,
    uid: 0,
    parents: [],
    blockedThreads: 0,
    calls: strace(captures.strace),
    waits: [],
    stacks: [],
    files: files.map(({ file }) => file),
  };
  return {
    processWindowMs: 1000,
    cpu: top(captures.top),
    meminfo: memory(captures.top),
    disks,
    ticks: new Map(),
    blockDevices: disks.map(({ device }, i): BlockDevice => blockDevice(device, i)),
    // lsof's DEVICE column names the partition; that is all that a mount table would have been asked for.
    mounts: files.map(({ number }, i) => ({
      id: 100 + i,
      number,
      root: '/',
      mountpoint: '/',
      fsType: 'ext4',
      source: '/dev/root',
      superOptions: '',
    })),
    processes: pidstat(captures.pidstat),
    rest: [],
    suspects: [suspect],
    limits: ['from captures of top, iostat, pidstat, strace and lsof'],
  };
}

function iostat(text: string): DiskActivity[] {
  const lines = text.split('\n');
  const header = lines.findIndex((line) => line.startsWith('Device'));
  const columns = (lines[header] ?? '').trim().split(/\s+/).slice(1);
  return lines
    .slice(header + 1)
    .filter((line) => line.trim())
    .map((line) => {
      const [device = ''] = line.split(/\s+/);
      const values = numbers(line.slice(device.length));
      const value = (column: string): number => values[columns.indexOf(column)] ?? Number.NaN;
      return {
        device,
        elapsedMs: 1000,
        reads: value('r/s'),
        readBytes: value('rkB/s') * 1024,
        readMs: value('r/s') * value('r_await'),
        writes: value('w/s'),
        writeBytes: value('wkB/s') * 1024,
        writeMs: value('w/s') * value('w_await'),
        ioMs: value('%util') * 10,
        weightedMs: value('aqu-sz') * 1000,
      };
    });
}

/** Documentation/admin-guide/devices.txt: 8:0 is the first SCSI disk, 8:1 its first partition. */
function blockDevice(name: string, index: number): BlockDevice {
  const disk = /^sd([a-p])$/.exec(name)?.[1];
  if (disk === undefined) return { name, number: `7:${index}`, slaves: [], partitions: new Map() };
  const first = (disk.charCodeAt(0) - 97) * 16;
  const partitions = new Map(Array.from({ length: 15 }, (_, i) => [`${name}${i + 1}`, `8:${first + i + 1}`]));
  return { name, number: `8:${first}`, slaves: [], partitions };
}

function pidstat(text: string): ProcessActivity[] {
  const rows = new Map<number, ProcessActivity>();
  for (const line of text.split('\n')) {
    const row = /^\d\d:\d\d:\d\d +\d+ +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +(\d+) +(.+?) *$/.exec(line);
    if (!row) continue;
    const [, pid, read, written, cancelled, delay, command = ''] = row;
    rows.set(Number(pid), {
      pid: Number(pid),
      seen: 'pair',
      blockedSamples: 0,
      isKernelThread: /^(kworker|jbd2|kswapd|flush)/.test(command),
      command,
      delayTicks: Number(delay),
      io: {
        readChars: 0,
        writtenChars: Number(written) * 1024,
        readCalls: 0,
        writeCalls: 0,
        readBytes: Number(read) * 1024,
        writtenBytes: Number(written) * 1024,
        cancelledBytes: Number(cancelled) * 1024,
      },
    });
  }
  return [...rows.values()];
}

function strace(text: string): Counted<BlockedCall>[] {
  return [...text.matchAll(/^(write|read)\((\d+), .*?, (\d+)\s*\) = /gms)].map(([, name, fd, length]) => ({
    count: 1,
    value: { name: name as string, kind: name as 'write' | 'read', fd: Number(fd), lengthBytes: Number(length) },
  }));
}

function lsof(text: string): { file: OpenFile; number: string }[] {
  const found = [...text.matchAll(/^\S+ +\d+ +\S+ +(\d+)([rwu]) +REG +(\d+),(\d+) +\d+ +\d+ (.+)$/gm)];
  return found.map(([, fd, mode, major, minor, path], i) => ({
    number: `${major}:${minor}`,
    file: {
      fd: Number(fd),
      path: path as string,
      deleted: false,
      mode: { reads: mode !== 'w', writes: mode !== 'r', direct: false, sync: false, append: false },
      mountId: 100 + i,
    },
  }));
}

/** Percentages of ten seconds, as ticks. */
function top(text: string): { start: CpuTicks[]; end: CpuTicks[] } {
  const zero = { user: 0n, nice: 0n, system: 0n, idle: 0n, iowait: 0n, irq: 0n, softirq: 0n, steal: 0n };
  const end = [...text.matchAll(/^%Cpu(\d+) +:(.*)$/gm)].map(([, cpu, rest]): CpuTicks => {
    const percent = (unit: string): bigint =>
      BigInt(Math.round(Number(new RegExp(`([\\d.]+) ${unit}\\b`).exec(rest as string)?.[1]) * 10));
    return {
      cpu: Number(cpu),
      user: percent('us'),
      nice: percent('ni'),
      system: percent('sy'),
      idle: percent('id'),
      iowait: percent('wa'),
      irq: percent('hi'),
      softirq: percent('si'),
      steal: percent('st'),
    };
  });
  return { start: end.map(({ cpu }) => ({ cpu, ...zero })), end };
}

function memory(text: string): Map<string, number> {
  const [, total, free, , cache] =
    /KiB Mem : +(\d+) total, +(\d+) free, +(\d+) used, +(\d+) buff\/cache/.exec(text) ?? [];
  const available = /(\d+) avail Mem/.exec(text)?.[1];
  const bytes = (text: string | undefined): number => Number(text) * 1024;
  return new Map([
    ['MemTotal', bytes(total)],
    ['MemFree', bytes(free)],
    ['MemAvailable', bytes(available)],
    ['Cached', bytes(cache)],
    ['SwapTotal', 0],
    ['SwapFree', 0],
  ]);
}
