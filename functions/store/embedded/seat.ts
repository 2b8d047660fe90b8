/** The store while this process holds it: answers to this process and, on the socket, to the others, until it is given up. */
import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StoreProblem } from '../problem.ts';
import type { Answer, Engine } from './engine.ts';
import { type LevelTrouble, levelTroubleOf, problemOfTrouble } from './level-trouble.ts';
import { type SocketServer, serveOnSocket } from './serve-socket.ts';
import { setAside } from './set-aside.ts';
import { openSocketFolder } from './socket-folder.ts';

/** The socket that other processes use. */
export const SOCKET_NAME = 'store.sock';
/** Of a socket that is about to be renamed: its process and a random number behind `store.sock`. */
export const LONGEST_SOCKET_NAME = SOCKET_NAME.length + '.4194304.01234567'.length;

/** Status of an answer that says: not here any more, ask again. */
export const MOVED_STATUS = 503;

export interface Seat {
  /** MOVED_STATUS where it has given the store up meanwhile; its body may carry a `note`. Level troubles are a 500 with a `problem`. */
  answer(operation: string, body: string): Promise<Answer>;
  isOver(): boolean;
  /** Resolves when the lock is given up. */
  readonly over: Promise<void>;
  /** Takes no more requests, ends those that have begun, removes the socket and gives the lock up. Does nothing the second time. */
  giveUp(): Promise<void>;
}

/**
 * @param folder the state folder
 * @param store the engine that has the lock, and the inode of the folder that it has open
 */
export async function takeSeat(
  folder: string,
  { engine, inode }: { engine: Engine; inode: bigint },
  nowMs: () => number,
): Promise<Seat | StoreProblem> {
  let isOver = false;
  let server: SocketServer | undefined;
  let finish: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });

  async function answer(operation: string, body: string): Promise<Answer> {
    if (isOver) return moved();
    const answered = await engine.answer(operation, body);
    if (!('kind' in answered)) return answered;
    if (answered.kind === 'closed') return moved();
    const problem = problemOfTrouble(answered, folder);
    if (!engine.isBroken()) return problemAnswer(problem);
    // Moved while the lock is still held: otherwise another process would open the damaged store, and then have it moved away.
    const note = answered.kind === 'corrupt' && !isOver ? noteIfMoved(answered) : undefined;
    void giveUp();
    return note === undefined ? problemAnswer(problem) : moved(note);
  }

  function noteIfMoved(trouble: LevelTrouble): string | undefined {
    try {
      return setAsideNote(folder, inode, trouble, nowMs);
    } catch {
      // A full disk, say. The damage itself is what is to be told then.
      return undefined;
    }
  }

  function giveUp(): Promise<void> {
    if (isOver) return over;
    isOver = true;
    rmSync(path.join(folder, SOCKET_NAME), { force: true });
    Promise.resolve(server?.drain(DRAIN_MS))
      .then(() => engine.close())
      .catch(() => {})
      .then(finish);
    return over;
  }

  try {
    server = await listen(folder, answer);
  } catch (error) {
    await engine.close();
    if (error instanceof StoreProblem) return error;
    return problemOfTrouble(levelTroubleOf(error), folder);
  }
  return { answer, isOver: () => isOver, over, giveUp };
}

/**
 * @returns what a person should know; undefined where it was gone already
 * @throws what the file system says
 */
export function setAsideNote(
  folder: string,
  inode: bigint,
  { message }: LevelTrouble,
  nowMs: () => number,
): string | undefined {
  const where = setAside(folder, inode, nowMs());
  if (where === undefined) return undefined;
  return `the store could not be read (${message}): it was set aside as ${where}, nothing in it is deleted, and a new one begun`;
}

async function listen(folder: string, answer: Seat['answer']): Promise<SocketServer> {
  const sockets = openSocketFolder(folder, LONGEST_SOCKET_NAME);
  if (sockets instanceof StoreProblem) throw sockets;
  try {
    // Only a holder makes these, and there is one at a time: what is left is of the dead.
    for (const name of readdirSync(folder)) {
      if (name.startsWith(`${SOCKET_NAME}.`)) rmSync(path.join(folder, name), { force: true });
    }
    const name = `${SOCKET_NAME}.${process.pid}.${randomBytes(4).toString('hex')}`;
    const server = await serveOnSocket(sockets.addressOf(name), answer);
    renameSync(path.join(folder, name), path.join(folder, SOCKET_NAME));
    return server;
  } finally {
    sockets.close();
  }
}

const moved = (note?: string): Answer => ({
  status: MOVED_STATUS,
  body: JSON.stringify(note === undefined ? {} : { note }),
});

function problemAnswer({ kind, message, mend }: StoreProblem): Answer {
  return { status: 500, body: JSON.stringify({ __type: 'StoreProblem', problem: { kind, message, mend } }) };
}

/** How long requests of others may take to end when the store is handed over. */
const DRAIN_MS = 1000;
