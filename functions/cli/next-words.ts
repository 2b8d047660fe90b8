/** The last line of what a person at a terminal is shown: the command that is worth typing next. */
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { type NextCommand, nextLines } from '../render/next-command.ts';
import { paintFor } from '../render/paint.ts';
import type { Places } from './commands.ts';
import type { Surroundings } from './surroundings.ts';

/** With its last line break; '' where there is nothing to suggest. The command looks where this one stored, or looked. */
export function nextText(
  next: NextCommand | undefined,
  places: Places,
  { columns, colour, program = 'whodisk' }: Pick<Surroundings, 'columns' | 'colour' | 'program'>,
): string {
  const typed = next && { ...next, command: next.command.replace(/^whodisk(?= )/u, program) };
  const lines = nextLines(typed, placesWords(places), paintFor(colour), columns);
  return lines.map((line) => `${line}\n`).join('');
}

function placesWords({ config, store, state }: Places): string {
  const words: (readonly [option: string, given: string | undefined])[] = [
    ['-c', config],
    ['--store', store],
    ['--state', state],
  ];
  return words.map(([option, given]) => (given === undefined ? '' : ` ${option} ${shellWord(given)}`)).join('');
}
