/** `whodisk explain`, `history` and `diff`: what earlier sweeps found, from the store. */
import { paintFor } from '../render/paint.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Unreadable } from '../store/store.ts';
import type { LookCommand } from './commands.ts';
import { diffText } from './diff-command.ts';
import { USAGE } from './exit-status.ts';
import { explainText } from './explain-command.ts';
import { historyText } from './history-command.ts';
import { type Look, Missing } from './look.ts';
import { nextText } from './next-words.ts';
import { openStored, sayStoreProblem } from './open-stored.ts';
import { print } from './print.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { unreadableNotes } from './unreadable-notes.ts';

/** Resolves to the exit status: 2 where what was asked for is not there. */
export async function lookCommand(command: LookCommand, surroundings: Surroundings, streams: Streams): Promise<number> {
  const say = sayTo(streams);
  const opened = await openStored(command, surroundings, streams, { mustExist: true });
  if ('exitStatus' in opened) return opened.exitStatus;
  const { store } = opened;
  const unreadable: Unreadable[] = [];
  const look = { store, sayUnreadable: (more: readonly Unreadable[]) => void unreadable.push(...more) };
  const text = await textOf(command, { ...look, ...lookOf(command, surroundings, streams) }).finally(() =>
    store.close(),
  );
  for (const note of [...store.notes(), ...unreadableNotes(unreadable)]) await say(note);
  if (text instanceof StoreProblem) return sayStoreProblem(text, say);
  if (text instanceof Missing) {
    await say(text.message);
    return USAGE;
  }
  return print(text, streams);
}

function textOf(command: LookCommand, look: Look): Promise<string | Missing | StoreProblem> {
  switch (command.kind) {
    case 'explain':
      return explainText(command.host, look);
    case 'history':
      return historyText(command.host, look);
    case 'diff':
      return diffText(command.sweeps, look);
    default:
      return command satisfies never;
  }
}

function lookOf(
  command: LookCommand,
  surroundings: Surroundings,
  { stdout }: Streams,
): Pick<Look, 'format' | 'terminal' | 'nextText' | 'nowMs'> {
  const { columns, colour } = surroundings;
  return {
    format: command.format ?? (stdout.isTTY === true ? 'terminal' : 'plain'),
    terminal: { width: columns, paint: paintFor(colour) },
    nextText: (next) => nextText(next, command, surroundings),
    nowMs: Date.now(),
  };
}
