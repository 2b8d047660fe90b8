/** How a disk fared over the window, as a small chart: busy time, queue and wait, and what its culprits did, one line each. */
import type { Disk, TimelinePoint } from '../../runner/triage/finding.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { looksLines } from './looks-line.ts';
import { barOf, mergedPoints } from './sparkline.ts';
import { formatPercent } from './units.ts';

/** What a window of five seconds has; a longer one is merged. */
const MOST_COLUMNS = 20;
const LEAST_POINTS = 4;
/** A moment in which no request was completed has no wait: that is not a short one. */
const NOTHING_DONE = '·';

/** Lines without line breaks, of at most 46 columns, or none where there is no course to show. */
export function courseLines({ timeline = [], culprits = [] }: Partial<Pick<Disk, 'timeline' | 'culprits'>>): string[] {
  if (timeline.length < LEAST_POINTS) return [];
  const busy = courseOf(timeline, ({ busyPercent }) => busyPercent);
  const queue = courseOf(timeline, ({ queueDepth }) => queueDepth);
  const wait = courseOf(timeline, ({ awaitMs }) => awaitMs);
  const isBroken = wait?.points.includes(undefined) === true;
  return [
    `over the window${isBroken ? ` (${NOTHING_DONE} no request was completed)` : ''}:`,
    // Of 100 %, so that a low one looks low; of the others nobody knows how much is much.
    lineOf('busy ', busy, 100, formatPercent),
    lineOf('queue', queue, queue?.most ?? 0, inCount),
    lineOf('await', wait, wait?.most ?? 0, inTime),
    ...looksLines(timeline, culprits, Math.min(MOST_COLUMNS, timeline.length)),
  ].filter((line) => line !== '');
}

interface Course {
  readonly points: readonly (number | undefined)[];
  readonly most: number;
}

function courseOf(
  timeline: readonly TimelinePoint[],
  figureOf: (point: TimelinePoint) => number | undefined,
): Course | undefined {
  const points = mergedPoints(timeline.map(figureOf), MOST_COLUMNS);
  const known = points.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : { points, most: Math.max(...known) };
}

/** `top` fills a column. */
function lineOf(label: string, course: Course | undefined, top: number, say: (value: number) => string): string {
  if (course === undefined) return '';
  const bars = course.points.map((value) => (value === undefined ? NOTHING_DONE : barOf(value, top))).join('');
  return `${label}  ${bars}  at most ${say(course.most)}`;
}
