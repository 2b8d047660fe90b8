/**
 * Who holds the embedded store. LevelDB lets one process open a database; the kernel gives its lock (fcntl) back when that process dies,
 * however it dies. So whoever has the lock is the holder, answers for all the others on a socket beside it, and nothing else decides:
 *
 *   - it listens under a name of its own and renames that onto `store.sock` only while it has the lock, and removes it before it gives
 *     the lock up: nobody ever takes another's live socket away, and one that a killed holder left is simply replaced;
 *   - within a process a database is opened once, whatever asks for it: opening it a second time closes a descriptor of the same lock
 *     file, at which the kernel drops the lock of the whole process (fcntl(2); PosixEnv::LockFile in LevelDB 1.20).
 */
import { StoreProblem } from '../problem.ts';
import { openEngine } from './engine.ts';
import { levelTroubleOf, problemOfTrouble } from './level-trouble.ts';
import { type Seat, setAsideNote, takeSeat } from './seat.ts';
import { forgetSettledNames } from './set-aside.ts';
import { inodeOf, lostItsIndex, makeStoreFolder, storeFolderOf } from './store-folder.ts';

export interface Holder extends Pick<Seat, 'answer'> {
  /** What was set aside before this process could hold the store. */
  readonly notes: readonly string[];
  /** To be called once. Hands over when the last one in this process that took hold releases. */
  release(): Promise<void>;
}

type Held = { seat: Seat; notes: string[]; users: number };

/** One entry for each state folder that this process holds, or is about to. */
const held = new Map<string, Promise<Held | 'held' | StoreProblem>>();

/**
 * Opens the store in `folder`, a private folder by its real path, for this process and all others.
 *
 * @returns 'held' where another process has it
 */
export async function takeHold(folder: string, nowMs: () => number): Promise<Holder | 'held' | StoreProblem> {
  for (;;) {
    const opening = held.get(folder) ?? open(folder, nowMs);
    const opened = await opening;
    if (opened === 'held' || opened instanceof StoreProblem) return opened;
    if (opened.seat.isOver()) {
      await opened.seat.over;
      continue;
    }
    opened.users += 1;
    return {
      answer: opened.seat.answer,
      notes: opened.notes,
      release: async () => {
        opened.users -= 1;
        if (opened.users === 0) await opened.seat.giveUp();
      },
    };
  }
}

function open(folder: string, nowMs: () => number): Promise<Held | 'held' | StoreProblem> {
  const forget = (): void => void held.delete(folder);
  const opening = hold(folder, nowMs)
    .catch((error: unknown) => problemOfTrouble(levelTroubleOf(error), folder))
    .then((opened) => {
      if (opened === 'held' || opened instanceof StoreProblem) forget();
      else opened.seat.over.then(forget);
      return opened;
    });
  held.set(folder, opening);
  return opening;
}

async function hold(folder: string, nowMs: () => number): Promise<Held | 'held' | StoreProblem> {
  const notes: string[] = [];
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const inode = makeStoreFolder(folder);
    if (inode instanceof StoreProblem) return inode;
    const engine = lostItsIndex(folder) ?? (await openEngine(storeFolderOf(folder)));
    if (inodeOf(folder) !== inode) {
      // Somebody set it aside meanwhile: whatever was opened, or not, is not the store any more.
      if (!('kind' in engine)) await engine.close();
    } else if (!('kind' in engine)) {
      const seat = await takeSeat(folder, { engine, inode }, nowMs);
      if (seat instanceof StoreProblem) return seat;
      forgetSettledNames(folder, nowMs());
      return { seat, notes, users: 0 };
    } else if (engine.kind === 'locked') {
      return 'held';
    } else if (engine.kind === 'corrupt') {
      const note = setAsideNote(folder, inode, engine, nowMs);
      if (note !== undefined) notes.push(note);
    } else {
      return problemOfTrouble(engine, folder);
    }
  }
  return new StoreProblem(
    'failed',
    `the store in ${folder} is found damaged again and again`,
    'look at the disk that it is on',
  );
}

const MOST_ATTEMPTS = 4;
