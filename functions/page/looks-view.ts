/** What a culprit did over the window, as marks and bars on the axis of its disk's strips. */
import type { Culprit, TimelinePoint } from '../../runner/triage/finding.ts';
import { inRate, inTime } from '../../runner/triage/words.ts';
import { type LookState, lookText } from '../render/look-words.ts';
import { culpritName } from '../render/phrases.ts';
import { placeInWindow } from '../render/place-in-window.ts';

export interface LooksView {
  readonly marks: readonly { readonly x: string; readonly state: LookState; readonly title: string }[];
  /** Empty where there are no two readings. Their height is in px. */
  readonly bars: readonly { readonly x: string; readonly width: string; readonly height: number }[];
  /** What a bar of BAR_HEIGHT stands for. */
  readonly top?: string;
  /** All of it for somebody who does not see it. */
  readonly label: string;
}

/** In px: of the band of the marks, and of the bars below it. */
export const MARKS_HEIGHT = 24;
export const BAR_HEIGHT = 26;

/** undefined where there is no course, or no axis to draw it on. */
export function looksView(timeline: readonly TimelinePoint[], culprit: Culprit): LooksView | undefined {
  const { course } = culprit;
  if (!course || timeline.length < 2) return undefined;
  const at = (ms: number): number => 100 * placeInWindow(timeline, ms);
  const charged = course.charged ?? [];
  const most = Math.max(0, ...charged.map(({ bytesPerSecond }) => bytesPerSecond));
  const bars = charged.map(({ fromMs, toMs, bytesPerSecond }) => {
    const from = fromMs <= 0 ? 0 : at(fromMs);
    const height = most > 0 ? Math.round((BAR_HEIGHT * bytesPerSecond) / most) : 0;
    return { x: percent(from), width: percent(Math.max(0, at(toMs) - from)), height };
  });
  const marks = course.looks.map((look) => ({
    x: percent(at(look.atMs)),
    state: look.state,
    title: `at ${inTime(look.atMs)} ${lookText(look)}`,
  }));
  return {
    marks,
    bars,
    ...(most > 0 && { top: inRate(most) }),
    label: `looks at ${culpritName(culprit)}: ${marks.map(({ title }) => title).join('; ')}`,
  };
}

const percent = (value: number): string => `${value.toFixed(2)}%`;
