/** `whodisk explain`, `history` and `diff`: what earlier sweeps found, from the store. */
import { paintFor } from '../render/paint.ts';
import { openStore } from '../store/open.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Unreadable } from '../store/store.ts';
import type { LookCommand } from './command-line.ts';
import { diffText } from './diff-command.ts';
import { FAILED, USAGE } from './exit-status.ts';
import { explainText } from './explain-command.ts';
import { readFleet } from './fleet.ts';
import { historyText } from './history-command.ts';
import { type Look, Missing } from './look.ts';
import { print } from './print.ts';
import { sayTo } from './say.ts';
import { storePlace } from './store-place.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

/** Resolves to the exit status: 2 where what was asked for is not there. */
export async function lookCommand(command: LookCommand, surroundings: Surroundings, streams: Streams): Promise<number> {
  const say = sayTo(streams);
  const fail = async (...problems: readonly string[]): Promise<number> => {
    for (const problem of problems) await say(problem);
    return USAGE;
  };
  const fleet = await readFleet(command, surroundings, streams);
  if (fleet.kind === 'problems') return fail(...fleet.problems);
  const place = storePlace(command, fleet.config, surroundings);
  if (place.kind === 'problem') return fail(place.problem);
  if (place.kind === 'none') return fail('no store is in use (none), so nothing is kept to look at');

  const store = await openStore(place.where, {
    retentionDays: fleet.config.retentionDays,
    nowMs: Date.now,
    mustExist: true,
  });
  if (store instanceof StoreProblem) return failed(store, say);
  const unreadable: Unreadable[] = [];
  const look = { store, sayUnreadable: (more: readonly Unreadable[]) => void unreadable.push(...more) };
  const text = await textOf(command, { ...look, ...lookOf(command, surroundings, streams) }).finally(() =>
    store.close(),
  );
  for (const note of [...store.notes(), ...unreadableNotes(unreadable)]) await say(note);
  if (text instanceof StoreProblem) return failed(text, say);
  if (text instanceof Missing) return fail(text.message);

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

const MOST_UNREADABLE = 3;

function unreadableNotes(unreadable: readonly Unreadable[]): string[] {
  const more = unreadable.length - MOST_UNREADABLE;
  return [
    ...unreadable
      .slice(0, MOST_UNREADABLE)
      .map(({ what, why }) => `what is stored of ${what} cannot be read, and is left out: ${why}`),
    ...(more > 0 ? [`and ${more} more that cannot be read`] : []),
  ];
}

async function failed({ kind, message, mend }: StoreProblem, say: (text: string) => Promise<void>): Promise<number> {
  if (kind === 'nothing-stored') {
    await say(`${message}\n${mend}`);
    return USAGE;
  }
  await say(`the store cannot be read: ${message}\n${mend}`);
  return FAILED;
}

function lookOf(
  { format }: LookCommand,
  { columns, colour }: Surroundings,
  { stdout }: Streams,
): Pick<Look, 'format' | 'terminal' | 'nowMs'> {
  return {
    format: format ?? (stdout.isTTY === true ? 'terminal' : 'plain'),
    terminal: { width: columns, paint: paintFor(colour) },
    nowMs: Date.now(),
  };
}
