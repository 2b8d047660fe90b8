/** What stands on the screen between two sweeps of a watch: how things are, and below it what changed and when. */
import type { Report } from '../../runner/report.ts';
import { renderAnswer } from './answer.ts';
import { boardLines, type Space } from './board.ts';
import { changeLines, type Noted } from './noted-changes.ts';
import type { Paint } from './paint.ts';

/** The title of the changes. */
export const CHANGES = 'changes, times in UTC:';

/** Lines without line breaks, within the space. */
export function watchPicture(report: Report, noted: readonly Noted[], space: Space, paint: Paint): string[] {
  const { width, height } = space;
  // How things are is more than how they came to be so.
  const changes = changeLines(noted, Math.floor(height / 3), width, paint);
  const below = changes.length === 0 ? [] : ['', paint.dim(CHANGES), ...changes];
  const room = { width, height: height - below.length - 1 };
  const [only, another] = report.hosts;
  const state =
    only !== undefined && another === undefined
      ? cutBelow(renderAnswer(only, report.sweep, paint, width), room.height, paint)
      : boardLines(report.hosts, room, paint);
  return [...state, ...below, ''].slice(0, height);
}

function cutBelow(lines: readonly string[], most: number, paint: Paint): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, Math.max(0, most - 1)), paint.dim('…')];
}
