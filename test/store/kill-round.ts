/**
 * One round: several processes store a sweep each, and the one that holds the store is killed with SIGKILL while they write; the next one
 * that holds it perhaps too. The others must notice nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { holderAmong, startWriter, type Writer } from './writers.ts';

export interface KillRound {
  readonly writers: readonly Writer[];
  readonly killed: number;
  /** What went wrong in a process that was not killed. */
  readonly failures: readonly string[];
}

const WRITERS = 3;
const HOSTS = 100;

/** @param prefix of the hosts' names, so that rounds may share a folder */
export async function killRound(program: string, folder: string, prefix: string): Promise<KillRound> {
  const writers = Array.from({ length: WRITERS }, (_, i) => startWriter(program, folder, `${prefix}-${i}`, HOSTS));
  const wanted = Math.random() < 0.3 ? 2 : 1;
  const dead = new Set<Writer>();
  while (dead.size < wanted && writers.some(isRunning)) {
    const before = countOf(writers);
    const enough = before + Math.random() * ((WRITERS * HOSTS) / 3);
    while (countOf(writers) <= enough && writers.some(isRunning)) await sleep(1);
    const holder = holderAmong(writers);
    if (holder?.process.kill('SIGKILL')) dead.add(holder);
  }
  const limit = setTimeout(() => {
    for (const writer of writers) writer.process.kill('SIGKILL');
  }, 60_000);
  const codes = await Promise.all(writers.map(({ ended }) => ended));
  clearTimeout(limit);
  const failures = writers.flatMap((writer, i) =>
    dead.has(writer) || (codes[i] === 0 && writer.has('finished'))
      ? []
      : [`a writer ended with ${codes[i]}: ${writer.said.slice(-3).join(' | ')}`],
  );
  return { writers, killed: dead.size, failures };
}

const countOf = (writers: readonly Writer[]): number => writers.reduce((sum, { stored }) => sum + stored.size, 0);
const isRunning = ({ process }: Writer): boolean => process.exitCode === null && process.signalCode === null;
