/** A disk's course over the window as three curves on one axis of time. */
import type { Disk, TimelinePoint } from '../../runner/triage/finding.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { formatPercent } from '../render/units.ts';

export interface Strip {
  readonly name: 'busy' | 'queue' | 'await';
  /** Of an area, in a box of WIDTH × STRIP_HEIGHT with the origin at its top left. */
  readonly path: string;
  /** What the top of the box stands for. */
  readonly top: string;
  /** "at most 99 %, at the end 98 %". */
  readonly label: string;
}

export const WIDTH = 600;
export const STRIP_HEIGHT = 48;

/** None where there is no course to show. */
export function stripsOf({ timeline = [] }: Disk): Strip[] {
  if (timeline.length < 2) return [];
  return [
    strip('busy', timeline, ({ busyPercent }) => busyPercent, formatPercent, 100),
    strip('queue', timeline, ({ queueDepth }) => queueDepth, inCount),
    strip('await', timeline, ({ awaitMs }) => awaitMs, inTime),
  ].filter((one) => one !== undefined);
}

/** The end of the window, in milliseconds after its beginning, as far as its points tell. */
export const windowMs = ({ timeline = [] }: Disk): number => timeline.at(-1)?.atMs ?? 0;

function strip(
  name: Strip['name'],
  timeline: readonly TimelinePoint[],
  figureOf: (point: TimelinePoint) => number | undefined,
  say: (value: number) => string,
  top?: number,
): Strip | undefined {
  const values = timeline.map(figureOf);
  const seen = values.filter((value) => value !== undefined);
  const highest = Math.max(...seen);
  const last = seen.at(-1);
  if (last === undefined || !(highest >= 0)) return undefined;
  const scale = top ?? (highest > 0 ? highest : 1);
  return {
    name,
    path: areaOf(values.map((value) => (value === undefined ? undefined : value / scale))),
    top: say(scale),
    label: `at most ${say(highest)}, at the end ${say(last)}`,
  };
}

/** Steps, since a point stands for all the time since the one before; a gap where nothing was completed that could have waited. */
function areaOf(parts: readonly (number | undefined)[]): string {
  const step = WIDTH / parts.length;
  return parts
    .map((part, index) => {
      if (part === undefined) return '';
      const height = Math.min(1, Math.max(0, part)) * STRIP_HEIGHT;
      return `M${(index * step).toFixed(1)} ${STRIP_HEIGHT}v-${height.toFixed(1)}h${step.toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join('');
}
