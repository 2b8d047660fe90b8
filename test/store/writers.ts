/** Writer processes, and what each of them was told by the store. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { nextSweepId } from './embedded.ts';
import { namesOf } from './written-host.ts';

export interface Writer {
  readonly sweepId: string;
  /** All that it is to store. */
  readonly names: readonly string[];
  /** What it was told is stored. */
  readonly stored: ReadonlySet<string>;
  readonly said: readonly string[];
  readonly process: ChildProcess;
  has(line: 'begun' | 'finished'): boolean;
  /** Its exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

export function startWriter(program: string, folder: string, prefix: string, count: number): Writer {
  const sweepId = nextSweepId();
  const child = spawn(process.execPath, [program, folder, sweepId, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const stored = new Set<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    if (line.startsWith('stored ')) stored.add(line.slice('stored '.length));
  });
  createInterface({ input: child.stderr }).on('line', (line) => said.push(`stderr: ${line}`));
  return {
    sweepId,
    names: namesOf(prefix, count),
    stored,
    said,
    process: child,
    has: (line) => said.includes(line),
    ended: new Promise((resolve) => child.on('close', (code) => resolve(code))),
  };
}

/** The one whose process has the database open; LevelDB keeps its manifest open for as long as that lasts. */
export function holderAmong(writers: readonly Writer[]): Writer | undefined {
  return writers.find(({ process: { pid, exitCode, signalCode } }) => {
    if (pid === undefined || exitCode !== null || signalCode !== null) return false;
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => isManifest(`/proc/${pid}/fd/${fd}`));
    } catch {
      return false;
    }
  });
}

function isManifest(link: string): boolean {
  try {
    return /\/store\/MANIFEST-\d+$/.test(readlinkSync(link));
  } catch {
    return false;
  }
}
