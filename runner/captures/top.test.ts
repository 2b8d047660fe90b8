import { describe, expect, test } from 'vitest';
import { captureText, sectionOf } from '../../test/fixtures/read-capture.ts';
import { parseTop } from './top.ts';

const top = (text: string) => parseTop(sectionOf(text));
const KIB = 1024;
const MIB = 1024 ** 2;

const PROCPS_3_2 = `top - 17:57:40 up 350 days,  2:53,  2 users,  load average: 2.08, 1.96, 1.55
Tasks: 142 total,   1 running, 137 sleeping,   4 stopped,   0 zombie
Cpu0  :  0.7%us,  6.0%sy,  0.0%ni,  0.7%id, 92.7%wa,  0.0%hi,  0.0%si,  0.0%st
Mem:   8149296k total,  7585800k used,   563496k free,   440632k buffers
Swap: 20482864k total,     3112k used, 20479752k free,  3095020k cached

  PID USER      PR  NI  VIRT  RES  SHR S %CPU %MEM    TIME+  COMMAND
28555 postgres  18   0 2356m 796m 9200 D  200 10.0 108:46.96 postgres: writer`;

describe('parseTop', () => {
  test('procps 4: MiB, an average of all CPUs, kernel threads without memory', () => {
    const { clock, cpus, averageIowaitPercent, memory, processes } = top(captureText('top-4.0'));
    expect({ clock, cpus, averageIowaitPercent }).toEqual({ clock: 66_743, cpus: [], averageIowaitPercent: 0 });
    expect(Object.fromEntries(memory)).toEqual({
      MemTotal: 24_105.6 * MIB,
      MemFree: 20_582.9 * MIB,
      MemAvailable: 22_665.3 * MIB,
      Cached: 2504.2 * MIB,
      SwapTotal: 0,
      SwapFree: 0,
    });
    expect(processes.find(({ pid }) => pid === 32557)).toEqual({
      pid: 32557,
      user: 'root',
      state: 'S',
      command: 'python3',
      hasMemory: true,
      blockedScreens: 0,
    });
    expect(processes.find(({ command }) => command.startsWith('kworker'))?.hasMemory).toBe(false);
  });

  test('procps 3.2: percent signs, k behind the figures, what is cached in the line of the swap', () => {
    const { cpus, memory, processes } = top(PROCPS_3_2);
    expect(cpus).toEqual([
      { cpu: 0, user: 7n, nice: 0n, system: 60n, idle: 7n, iowait: 927n, irq: 0n, softirq: 0n, steal: 0n },
    ]);
    expect(Object.fromEntries(memory)).toEqual({
      MemTotal: 8_149_296 * KIB,
      MemFree: 563_496 * KIB,
      Buffers: 440_632 * KIB,
      Cached: 3_095_020 * KIB,
      SwapTotal: 20_482_864 * KIB,
      SwapFree: 20_479_752 * KIB,
    });
    expect(processes).toMatchObject([{ pid: 28555, state: 'D', command: 'postgres', blockedScreens: 1 }]);
  });

  test('procps 3.3 before 3.3.10: buffers, and cached in the line of the swap', () => {
    const { memory } = top(`top - 10:00:00 up 1 day
KiB Mem:   8169308 total,  7421960 used,   747348 free,   120000 buffers
KiB Swap:        0 total,        0 used,        0 free.  6680288 cached Mem`);
    expect([memory.get('Buffers'), memory.get('Cached')]).toEqual([120_000 * KIB, 6_680_288 * KIB]);
  });

  test('a comma for the point, and a line of a CPU that was broken', () => {
    const { cpus } = top(
      `top - 10:00:00 up 1 day\n%Cpu0  :  0,7 us,  6,0 sy,  0,0 ni,\n  0,7 id, 92,7 wa,  0,0 hi,  0,0 si,  1,5 st`,
    );
    expect(cpus).toMatchObject([{ iowait: 927n, steal: 15n }]);
  });

  test('of several screens the last one counts, and the states of all', () => {
    const two = top(`${PROCPS_3_2}\n\n${PROCPS_3_2.replace('92.7%wa', '50.0%wa')}`);
    expect(two.cpus).toMatchObject([{ iowait: 500n }]);
    expect(two.processes).toMatchObject([{ pid: 28555, blockedScreens: 2 }]);
  });

  test('of command lines only the name is kept, and a user name that was cut is none', () => {
    const { processes } = top(`top - 10:00:00 up 1 day
  PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND
  700 long-us+  20   0  656108 355740   5236 D   6.3  4.4   0:12.56 /usr/sbin/mysqld --password=hunter2
   40 root      20   0       0      0      0 D   0.3  0.0   0:12.56 [kworker/u4:2]`);
    expect(processes.map(({ user, command }) => [user, command])).toEqual([
      [undefined, 'mysqld'],
      ['root', 'kworker/u4:2'],
    ]);
  });
});
