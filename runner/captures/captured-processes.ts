/**
 * What pidstat (or iotop) and top say of processes, as triage takes it: the mean of the reports, as what happened in one second. A
 * report in which a process is not listed is one in which it did nothing: both tools leave the idle ones out.
 */
import type { Draft } from '../proc/draft.ts';
import type { ProcessActivity } from '../triage/samples.ts';
import type { Captured } from './captured.ts';
import { isKernelThreadName } from './kernel-threads.ts';
import type { PidstatRow } from './pidstat.ts';
import type { TopProcess } from './top.ts';

export const PROCESS_WINDOW_MS = 1000;

export function processesOf({ processes: reports, top }: Captured): ProcessActivity[] {
  const rows = new Map<number, PidstatRow[]>();
  for (const row of reports.flat()) {
    const known = rows.get(row.pid);
    if (known) known.push(row);
    else rows.set(row.pid, [row]);
  }
  const screens = new Map((top?.processes ?? []).map((process) => [process.pid, process]));
  const found = [...rows].map(([pid, list]) => processOf(pid, list, reports.length, screens.get(pid)));
  for (const [pid, { command, state, blockedScreens, hasMemory }] of screens) {
    // Of those that pidstat does not list only who waits is of interest; what they move is not known.
    if (rows.has(pid) || blockedScreens === 0) continue;
    const isKernelThread = !hasMemory;
    found.push({ pid, seen: 'unreadable', state, blockedSamples: blockedScreens, isKernelThread, command });
  }
  return found;
}

function processOf(
  pid: number,
  rows: readonly PidstatRow[],
  reports: number,
  screen: TopProcess | undefined,
): ProcessActivity {
  const command = rows.at(-1)?.command ?? '';
  const known = rows.map(({ bytes }) => bytes).filter((bytes) => bytes !== undefined);
  const mean = (field: 'read' | 'written' | 'cancelled'): number =>
    known.reduce((sum, bytes) => sum + bytes[field], 0) / Math.max(1, reports);
  const delays = rows.map(({ delayTicks }) => delayTicks).filter((ticks) => ticks !== undefined);
  const process: Draft<ProcessActivity> = {
    pid,
    seen: known.length > 0 ? 'pair' : 'unreadable',
    // Block I/O that it waited for is counted while it is blocked (kernel/delayacct.c).
    blockedSamples: delays.filter((ticks) => ticks > 0).length + (screen?.blockedScreens ?? 0),
    // Whoever has memory of its own merely calls itself so.
    isKernelThread: screen ? !screen.hasMemory && screen.state !== 'Z' : isKernelThreadName(command),
    command,
  };
  if (screen) process.state = screen.state;
  if (delays.length > 0) process.delayTicks = delays.reduce((most, ticks) => Math.max(most, ticks), 0);
  if (known.length > 0) {
    const [read, written] = [mean('read'), mean('written')];
    // Neither tool counts calls; how much went through them is not known to be less than what reached the disk.
    process.io = {
      readChars: read,
      writtenChars: written,
      readCalls: 0,
      writeCalls: 0,
      readBytes: read,
      writtenBytes: written,
      cancelledBytes: mean('cancelled'),
    };
  }
  return process;
}
