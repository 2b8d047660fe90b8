/** What a trap builds its situation with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDirtyLimits } from '../../lab/kernel.ts';
import type { SlowDisk, TestDisk } from '../../lab/slow-disk.ts';
import { untilBusy } from '../../lab/watch-disk.ts';
import { startProgram, type Workload } from '../../lab/workloads.ts';
import { type Bed, controlGroup } from './bed.ts';
import { type Bounds, type Measured, premiseProblems, watchSituation } from './premise.ts';
import type { Player } from './roles.ts';

export interface StartOptions {
  /** Waits for its first output. */
  readonly saysReady?: boolean;
  /** Only what it starts plays the role, not itself. */
  readonly group?: boolean;
  readonly cwd?: string;
  /** Folders of control groups (cgroup v1) that it is put into before it begins. */
  readonly cgroups?: readonly string[];
}

export interface Stage {
  readonly slow: SlowDisk;
  readonly healthy: TestDisk;
  readonly memory: string;
  /** A path on the slow disk, on the other disk, in memory. */
  readonly onSlow: (name: string) => string;
  readonly onHealthy: (name: string) => string;
  readonly inMemory: (name: string) => string;
  /** Starts a program to play a role; it ends with the situation. */
  readonly start: (role: string, program: string, args: readonly string[], options?: StartOptions) => Promise<Workload>;
  /** Starts a program of test/lab/programs which says when it is ready. */
  readonly python: (
    role: string,
    program: string,
    args: readonly (string | number)[],
    options?: StartOptions,
  ) => Promise<Workload>;
  /** Runs a shell script that plays a role. */
  readonly shell: (role: string, script: string, args: readonly string[], options?: StartOptions) => Promise<Workload>;
  /** Makes a control group (cgroup v1) with these settings and answers its folder. */
  readonly cgroup: (controller: 'blkio' | 'memory', name: string, settings: Readonly<Record<string, string>>) => string;
  readonly dirtyLimits: (bytes: number, backgroundBytes: number) => void;
  /** Until the slow disk has been at work without a pause for two seconds. */
  readonly untilBusy: () => Promise<void>;
  /** Until all of this held for two seconds on end; throws what does not when a minute is over. */
  readonly untilHolds: (bounds: Bounds<Measured>) => Promise<void>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly bed: Bed;
  readonly players: ReadonlyMap<string, Player>;
}

const wait: Stage['wait'] = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const PROGRAMS = new URL('../../lab/programs/', import.meta.url);

export function stageOn(bed: Bed): Stage {
  const { lab, slow, healthy, memory } = bed;
  const players = new Map<string, Player>();
  const start: Stage['start'] = async (role, program, args, options = {}) => {
    const { saysReady, group = false, cwd, cgroups = [] } = options;
    const enter = cgroups.map((folder) => `echo $$ >"${folder}/cgroup.procs"`);
    const workload =
      cgroups.length === 0
        ? await startProgram(lab, program, args, saysReady, cwd)
        : await startProgram(lab, 'sh', ['-c', [...enter, 'exec "$@"'].join('; '), 'sh', program, ...args], saysReady);
    players.set(role, { pid: workload.pid, isParentOnly: group });
    return workload;
  };
  return {
    slow,
    healthy,
    memory,
    onSlow: (name) => join(slow.mountpoint, name),
    onHealthy: (name) => join(healthy.mountpoint, name),
    inMemory: (name) => join(memory, name),
    start,
    python: (role, program, args, options) =>
      start(role, 'python3', [fileURLToPath(new URL(program, PROGRAMS)), ...args.map(String)], {
        saysReady: true,
        ...options,
      }),
    shell: (role, script, args, options) => {
      const file = join(lab.folder, `${role}.sh`);
      writeFileSync(file, script);
      return start(role, 'sh', [file, ...args], options);
    },
    cgroup: (controller, name, settings) => {
      const path = controlGroup(lab, controller, name);
      lab.note({ kind: 'cgroup', path });
      mkdirSync(path);
      for (const [file, value] of Object.entries(settings)) writeFileSync(join(path, file), value);
      return path;
    },
    dirtyLimits: (bytes, backgroundBytes) =>
      writeDirtyLimits({ dirty_bytes: String(bytes), dirty_background_bytes: String(backgroundBytes) }),
    untilBusy: () => untilBusy(slow.device),
    untilHolds: async (bounds) => {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const watch = watchSituation(slow.device, healthy.device);
        await wait(2000);
        const problems = premiseProblems(watch.stop(), bounds);
        if (problems.length === 0) return;
        if (performance.now() > deadline) throw new Error(`it does not come about: ${problems.join(', ')}`);
      }
    },
    wait,
    bed,
    players,
  };
}
