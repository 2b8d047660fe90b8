/** What culprits were seen doing, a line each below the chart of their disk and on its axis: letters, and dots where nobody looked. */
import type { Culprit, TimelinePoint } from '../../runner/triage/finding.ts';
import { cutEnd } from './fit.ts';
import { LOOK_STATES, LOOK_WORDS, type LookState } from './look-words.ts';
import { culpritName } from './phrases.ts';
import { placeInWindow } from './place-in-window.ts';

const LETTERS = { waiting: 'W', running: 'R', sleeping: 'S', other: 'x' } as const satisfies Record<LookState, string>;
const NO_LOOK = '.';

/** Columns that the label and the letters leave of a line. */
const NAME_WIDTH = 17;

/** Lines without line breaks; none where nobody was looked at. `columns`: how many the bars above have. */
export function looksLines(
  timeline: readonly TimelinePoint[],
  culprits: readonly Culprit[],
  columns: number,
): string[] {
  const seen = culprits.filter(({ course }) => course !== undefined);
  if (seen.length === 0) return [];
  const states = new Set(seen.flatMap(({ course }) => (course?.looks ?? []).map(({ state }) => state)));
  const meanings = LOOK_STATES.filter((state) => states.has(state)).map(
    (state) => `${LETTERS[state]} ${LOOK_WORDS[state]}`,
  );
  return [
    ...seen.map(
      (culprit) => `looks  ${letters(timeline, culprit, columns)}  ${cutEnd(culpritName(culprit), NAME_WIDTH)}`,
    ),
    `(${meanings.join(', ')})`,
  ];
}

/** Of two looks in one column the busier one is shown. */
function letters(timeline: readonly TimelinePoint[], { course }: Culprit, columns: number): string {
  const states = Array.from({ length: columns }, (): LookState | undefined => undefined);
  for (const { atMs, state } of course?.looks ?? []) {
    // The end of a column's span is still its own.
    const column = Math.max(0, Math.min(columns, Math.ceil(placeInWindow(timeline, atMs) * columns)) - 1);
    const before = states[column];
    if (before === undefined || LOOK_STATES.indexOf(state) < LOOK_STATES.indexOf(before)) states[column] = state;
  }
  return states.map((state) => (state === undefined ? NO_LOOK : LETTERS[state])).join('');
}
