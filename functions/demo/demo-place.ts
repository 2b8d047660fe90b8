/** The place of one demo: a folder that is noted down before it is made. What demos that were killed have left is put back first. */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { exchangeableAt, StateFolderProblem } from '../state-folder.ts';
import { type DemoNotes, nameOf, openDemoNotes } from './demo-notes.ts';
import { ownIdentity } from './process-identity.ts';
import { type PutBack, putBack } from './put-back.ts';
import { byHand, takenAway } from './undo-steps.ts';

export interface DemoPlace {
  /** Absolute, without symbolic links; not there yet. */
  readonly folder: string;
  /** What the person is to know, one message each. */
  readonly said: readonly string[];
  /** Takes away the folder, all that is in it, and what stands on that. Resolves with what the person is to know where something is left. */
  leave(): Promise<string | undefined>;
}

/**
 * @param given.parent where the folder will be
 * @param given.stateFolder where it is noted down. A demo that only makes its folder does without where that cannot be, as in a home that
 * is not there; one with a load does not, and gets the problem
 * @param given.path where programs are looked for, as PATH has it
 * @param given.ended what is left of others is not waited for any more
 */
export async function openDemoPlace(given: {
  readonly parent: string;
  readonly stateFolder: string;
  readonly path: string;
  readonly hasLoad: boolean;
  readonly ended: AbortSignal;
}): Promise<DemoPlace | StateFolderProblem> {
  const { path, ended } = given;
  const parent = realPath(given.parent);
  // Where others can exchange it, they choose what is removed.
  const problem = problemOf(parent);
  if (problem !== undefined) return problem;
  const leaving = async (folder: string): Promise<string | undefined> =>
    wordsOfLeft(await putBack(folder, { path }), 'what the demo has made');
  const notes = notesIn(given.stateFolder);
  const noted = notes instanceof StateFolderProblem ? notes : noteIn(notes, parent);
  if (notes instanceof StateFolderProblem || noted instanceof StateFolderProblem) {
    if (given.hasLoad && noted instanceof StateFolderProblem) return noted;
    const folder = join(parent, nameOf(randomBytes(12).toString('hex')));
    return { folder, said: [], leave: () => leaving(folder) };
  }
  const said = notes
    .strange()
    .map((file) => `${file} is not as a demo writes it, and is left alone: look at it, and remove it`);
  for (const left of notes.left()) {
    if (ended.aborted) break;
    const outcome = await putBack(left.folder, { path, ended });
    if (outcome.left.length === 0) notes.end(left);
    said.push(...wordsOf(outcome));
  }
  const { folder } = noted;
  const leave = async (): Promise<string | undefined> => {
    const left = await leaving(folder);
    if (left === undefined) notes.end(noted);
    return left;
  };
  return { folder, said, leave };
}

/** Of what could not be put back, with the commands that do it; undefined where there is nothing. */
function wordsOfLeft({ left, problem }: PutBack, whose: string): string | undefined {
  if (left.length === 0) return undefined;
  return [
    `${whose} is still there in part, and the next demo tries again (${problem ?? 'it takes too long'}). By hand:`,
    ...left.map(byHand),
  ].join('\n');
}

function wordsOf(outcome: PutBack): string[] {
  const done = takenAway(outcome.done);
  const left = wordsOfLeft(outcome, 'what a demo that was killed has left');
  return [
    ...(done === '' ? [] : [`a demo was killed, and what it left is put back: ${done}`]),
    ...(left === undefined ? [] : [left]),
  ];
}

/** Where it is not there, whoever makes the folder says so. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function problemOf(parent: string): StateFolderProblem | undefined {
  const uid = process.getuid?.();
  try {
    return uid === undefined ? undefined : exchangeableAt(join(parent, 'demo'), uid, 'TMPDIR=DIR');
  } catch {
    // Not there: so says whoever makes the folder.
    return undefined;
  }
}

function notesIn(stateFolder: string): DemoNotes | StateFolderProblem {
  const own = ownIdentity();
  if (own === undefined) return new StateFolderProblem('there is no /proc that says which process this is', 'mount it');
  return openDemoNotes(stateFolder, own);
}

function noteIn(notes: DemoNotes, parent: string): ReturnType<DemoNotes['begin']> | StateFolderProblem {
  try {
    return notes.begin(parent);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return new StateFolderProblem(
      `what a demo makes cannot be noted down: ${message}`,
      'name a state folder that you can write with XDG_STATE_HOME=DIR',
    );
  }
}
