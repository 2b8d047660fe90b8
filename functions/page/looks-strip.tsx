/** A strip of marks, one for each look at a culprit, each state a shape and a colour, and below them what it was charged, as bars. */
import type { Culprit, TimelinePoint } from '../../runner/triage/finding.ts';
import {
  chargedText,
  courseText,
  LOOK_STATES,
  LOOK_WORDS,
  type LookState,
  noCourseText,
} from '../render/look-words.ts';
import { culpritName } from '../render/phrases.ts';
import { BAR_HEIGHT, looksView, MARKS_HEIGHT } from './looks-view.ts';

/** An hourglass, a triangle that points onward, a dash, a cross; about their middle. None is the shape of a standing. */
const SHAPES = {
  waiting: 'M-6-7H6L-6 7H6z',
  running: 'M-5-7L7 0L-5 7z',
  sleeping: 'M-6-2H6V2H-6z',
  other: 'M-5-7L0-2L5-7L7-5L2 0L7 5L5 7L0 2L-5 7L-7 5L-2 0L-7-5z',
} as const satisfies Record<LookState, string>;

export function LooksStrip({
  timeline,
  culprit,
}: {
  readonly timeline: readonly TimelinePoint[];
  readonly culprit: Culprit;
}) {
  const view = looksView(timeline, culprit);
  const words = [courseText(culprit) ?? noCourseText(culprit), chargedText(culprit)].filter(Boolean).join('; ');
  const height = MARKS_HEIGHT + BAR_HEIGHT;
  return (
    <>
      <p class="doing">
        {culpritName(culprit)}: <span class="dim">{words}</span>
      </p>
      {view && (
        <div class={view.bars.length > 0 ? 'strip looks charged' : 'strip looks'}>
          <span class="name">looks</span>
          <svg role="img">
            <title>{view.label}</title>
            <line class="before" x1="0%" x2={view.marks[0]?.x} y1={MARKS_HEIGHT / 2} y2={MARKS_HEIGHT / 2} />
            <line x1={view.marks[0]?.x} x2="100%" y1={MARKS_HEIGHT / 2} y2={MARKS_HEIGHT / 2} />
            {view.bars.map(({ x, width, height: tall }) => (
              <rect x={x} width={width} y={height - tall} height={tall} />
            ))}
            {view.bars.length > 0 && <line x1="0%" x2="100%" y1={height} y2={height} />}
            {view.marks.map(({ x, state, title }) => (
              <svg x={x} y={MARKS_HEIGHT / 2} overflow="visible">
                <title>{title}</title>
                <path class={state} d={SHAPES[state]} />
              </svg>
            ))}
          </svg>
          <span class="peak num">{view.top}</span>
        </div>
      )}
    </>
  );
}

export function LooksLegend({ culprits }: { readonly culprits: readonly Culprit[] }) {
  const courses = culprits.flatMap(({ course }) => (course === undefined ? [] : [course]));
  if (courses.length === 0) return null;
  const states = new Set(courses.flatMap(({ looks }) => looks.map(({ state }) => state)));
  return (
    <ul class="key" aria-label="What the marks mean">
      {LOOK_STATES.filter((state) => states.has(state)).map((state) => (
        <li>
          <svg viewBox="-8 -8 16 16" aria-hidden="true">
            <path class={state} d={SHAPES[state]} />
          </svg>
          {LOOK_WORDS[state]}
        </li>
      ))}
      <li>
        <svg viewBox="-8 -8 16 16" aria-hidden="true">
          <line class="before" x1="-8" x2="8" y1="0" y2="0" />
        </svg>
        not looked at yet
      </li>
      {courses.some(({ charged }) => charged !== undefined) && (
        <li>
          <svg viewBox="-8 -8 16 16" aria-hidden="true">
            <rect x="-7" y="-3" width="14" height="11" />
          </svg>
          bytes that it was charged, on all disks
        </li>
      )}
    </ul>
  );
}
