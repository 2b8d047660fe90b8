/** Takes away what there is of a demo on this machine, again and again until nothing is left or the time is over. */
import { rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loopsOf, processesOf, remainsOf } from './remains.ts';
import { runProgram } from './run-program.ts';
import { type UndoStep, undoSteps } from './undo-steps.ts';

export interface PutBack {
  readonly done: readonly UndoStep[];
  /** What is still there, and what was said of the last try. */
  readonly left: readonly UndoStep[];
  readonly problem?: string;
}

/** Somebody who has a shell in it is named soon. */
const ALL_MS = 10_000;
/** `umount` waits for what is still to be written: 64 MB without a limit. */
const STEP_MS = 15_000;
const BETWEEN_MS = 50;

/**
 * Never rejects. What somebody else takes away meanwhile is fine, too.
 *
 * @param folder of the demo, called as no other is
 * @param given.path where programs are looked for, as PATH has it
 * @param given.ended it is enough with what is done until then
 */
export async function putBack(
  folder: string,
  given: { readonly path: string; readonly ended?: AbortSignal },
): Promise<PutBack> {
  const tried = new Map<string, UndoStep>();
  const endMs = performance.now() + ALL_MS;
  let problem: string | undefined;
  for (;;) {
    const left = undoSteps(remainsOf(folder));
    if (left.length === 0 || performance.now() > endMs || given.ended?.aborted === true) {
      const still = new Set(left.map((step) => JSON.stringify(step)));
      const done = [...tried].flatMap(([key, step]) => (still.has(key) ? [] : [step]));
      return { done, left, ...(problem !== undefined && { problem }) };
    }
    for (const step of left) {
      tried.set(JSON.stringify(step), step);
      try {
        await undo(step, folder, given.path);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        // What comes after it fails for the same reason, and says less.
        if (step.kind === 'unmount') break;
      }
    }
    await sleep(BETWEEN_MS);
  }
}

async function undo(step: UndoStep, demo: string, path: string): Promise<void> {
  const run = (program: string, ...args: string[]) => runProgram(program, args, { path, limitMs: STEP_MS });
  switch (step.kind) {
    case 'lift-limit':
      return writeFileSync(step.file, step.text);
    case 'kill':
      // Read just now, so it is no other process of that number.
      if (processesOf(demo).includes(step.pid)) process.kill(step.pid, 'SIGKILL');
      return;
    case 'wait-for-foreign':
      throw new Error(`something else is mounted on ${step.mountpoint}, and is not the demo's to unmount`);
    case 'unmount':
      await run('umount', step.mountpoint);
      return;
    case 'detach': {
      // What is open is nobody else's meanwhile: it is detached when the last one closes it.
      const device = await open(step.device, 'r');
      try {
        if (loopsOf(demo).includes(basename(step.device))) await run('losetup', '-d', step.device);
      } finally {
        await device.close();
      }
      return;
    }
    case 'remove-group':
      return rmdirSync(step.group);
    case 'remove-folder': {
      // Nothing of another filesystem may be emptied, nor a disk lose the file that it stands on.
      if (undoSteps(remainsOf(demo)).length > 1) throw new Error(`${demo} is still in use`);
      return rmSync(step.folder, { recursive: true, force: true });
    }
    default:
      step satisfies never;
  }
}
