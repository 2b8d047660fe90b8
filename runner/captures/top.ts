/**
 * top, on a terminal or with -b (top(1) of procps 3.2 to 4): CPUs, memory, and processes with their state. Of several screens the last
 * one counts, since the first one of a call covers the time since boot; who was in state D is counted over all of them.
 */
import type { CpuTicks } from '../proc/cpu-stat.ts';
import { clockOf } from './clock.ts';
import { nameOfCommand } from './command-name.ts';
import { quantityOf } from './quantity.ts';
import type { Section } from './split-captures.ts';

export interface TopProcess {
  readonly pid: number;
  readonly user?: string;
  readonly state: string;
  readonly command: string;
  /** It has memory of its own, so it is no kernel thread. */
  readonly hasMemory: boolean;
  /** Screens in which it was in uninterruptible sleep. */
  readonly blockedScreens: number;
}

export interface Top {
  readonly clock?: number;
  /** Tenths of a percent, by CPU; empty where only an average is shown. */
  readonly cpus: readonly CpuTicks[];
  readonly averageIowaitPercent?: number;
  /** Names as in /proc/meminfo, in bytes. */
  readonly memory: ReadonlyMap<string, number>;
  readonly processes: readonly TopProcess[];
}

const MAX_PROCESSES = 10_000;
const MAX_CPUS = 4096;

export function parseTop({ lines, words = [] }: Section): Top {
  const cpus = new Map<number, CpuTicks>();
  const memory = new Map<string, number>();
  const processes = new Map<number, TopProcess>();
  const isLong = words.some((word) => /^-[a-zA-Z]*c/u.test(word));
  let clock: number | undefined;
  let average: number | undefined;
  let titles: readonly string[] = [];
  for (const [i, { text }] of lines.entries()) {
    if (/^top - /u.test(text)) {
      clock = clockOf(text);
      titles = [];
      continue;
    }
    const [, number, shares] = /^%?Cpu(\d*|\(s\))\s*:\s*(.*)$/u.exec(text) ?? [];
    if (number !== undefined && shares !== undefined) {
      // A line that ends with a comma was broken by whoever pasted it.
      const ticks = ticksOf(Number(number), shares.endsWith(',') ? `${shares} ${lines[i + 1]?.text ?? ''}` : shares);
      if (number === '(s)') average = ticks && Number(ticks.iowait) / 10;
      else if (ticks && cpus.size < MAX_CPUS) cpus.set(ticks.cpu, ticks);
      continue;
    }
    if (/^\s*(?:[KMGTPE]iB )?(?:Mem|Swap)\s*:/u.test(text)) readMemory(text, memory);
    else if (/^\s*PID\s+.*\bCOMMAND$/u.test(text)) titles = text.trim().split(/\s+/u);
    else if (titles.length > 0) {
      const process = processOf(text, titles, isLong);
      if (!process) continue;
      const blockedScreens = (processes.get(process.pid)?.blockedScreens ?? 0) + process.blockedScreens;
      if (processes.has(process.pid) || processes.size < MAX_PROCESSES)
        processes.set(process.pid, { ...process, blockedScreens });
    }
  }
  return {
    ...(clock !== undefined && { clock }),
    cpus: [...cpus.values()],
    ...(average !== undefined && { averageIowaitPercent: average }),
    memory,
    processes: [...processes.values()],
  };
}

/** "0.7 us,  6.0 sy, …", or "0.7%us, …" of procps 3.2. */
function ticksOf(cpu: number, shares: string): CpuTicks | undefined {
  const percent = (unit: string): bigint => {
    const figure = new RegExp(String.raw`(\d{1,3}(?:[.,]\d{1,3})?)\s{0,3}%?\s{0,3}${unit}\b`, 'u').exec(shares)?.[1];
    return BigInt(Math.round((quantityOf(figure) ?? 0) * 10));
  };
  if (!/\d\s{0,3}%?\s{0,3}wa\b/u.test(shares)) return undefined;
  return {
    cpu,
    user: percent('us'),
    nice: percent('ni'),
    system: percent('sy'),
    idle: percent('id'),
    iowait: percent('wa'),
    irq: percent('hi'),
    softirq: percent('si'),
    steal: percent('st'),
  };
}

const UNITS: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };

/**
 * "KiB Mem : 8169308 total, 747684 free, 741336 used, 6680288 buff/cache"; before procps 3.3.10 buffers stand there and what is cached
 * in the line of the swap; 3.2 has no unit before and a "k" behind each figure.
 */
function readMemory(text: string, memory: Map<string, number>): void {
  const bytes = 1024 ** (UNITS[/^\s*([KMGTPE])iB/u.exec(text)?.[1] ?? 'K'] ?? 1);
  const figure = (words: string): number | undefined => {
    const found = new RegExp(String.raw`(\d{1,15}(?:[.,]\d{1,3})?)([kmgtKMGT]?)\s*${words}`, 'u').exec(text);
    return found ? quantityOf(`${found[1]}${found[2]}`, bytes) : undefined;
  };
  const set = (name: string, value: number | undefined): void => {
    if (value !== undefined) memory.set(name, value);
  };
  const isSwap = /Swap/u.test(text);
  set(isSwap ? 'SwapTotal' : 'MemTotal', figure('total'));
  set(isSwap ? 'SwapFree' : 'MemFree', figure('free'));
  if (!isSwap) set('Buffers', figure('buffers'));
  set('Cached', isSwap ? figure('cached') : figure('buff/cache'));
  if (isSwap) set('MemAvailable', figure('avail Mem'));
}

function processOf(text: string, titles: readonly string[], isLong: boolean): TopProcess | undefined {
  const cells = [...text.matchAll(/\S+/gu)];
  const cell = (title: string): string => cells[titles.indexOf(title)]?.[0] ?? '';
  const named = cells[titles.length - 1];
  const state = cell('S');
  if (!/^\d{1,10}$/u.test(cell('PID')) || !/^[RSDTtZXIW]$/u.test(state) || named?.index === undefined) return undefined;
  const user = cell('USER');
  return {
    pid: Number(cell('PID')),
    // A name that was cut ends with "+".
    ...(user !== '' && !user.endsWith('+') && { user }),
    state,
    command: nameOfCommand(text.slice(named.index), isLong),
    hasMemory: (quantityOf(cell('VIRT'), 1024) ?? 0) > 0,
    blockedScreens: state === 'D' ? 1 : 0,
  };
}
