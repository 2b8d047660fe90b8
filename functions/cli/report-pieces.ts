/** A report in the form that was asked for, or in the one that suits where it goes. */
import type { Report } from '../../runner/report.ts';
import { renderJson, renderSweepLine } from '../render/json.ts';
import { paintFor, paintStanding } from '../render/paint.ts';
import { renderPlain } from '../render/plain.ts';
import { standingOf } from '../render/standing.ts';
import { renderTerminal } from '../render/terminal.ts';
import type { Format } from './commands.ts';
import type { Surroundings } from './surroundings.ts';

/** The whole output, in pieces; of ndjson the last line. */
export function reportPieces(
  report: Report,
  format: Format | undefined,
  surroundings: Surroundings,
  isTerminal: boolean,
): Iterable<string> {
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'ndjson':
      return [renderSweepLine(report)];
    case 'plain':
      return [renderPlain(report)];
    case undefined:
      break;
    default:
      return format satisfies never;
  }
  if (isTerminal) {
    const { columns: width, rows: height, colour } = surroundings;
    return [renderTerminal(report, { width, paint: paintFor(colour), ...(height !== undefined && { height }) })];
  }
  const paint = paintFor(surroundings.forcedColour);
  return [renderPlain(report, (host, verdict) => paintStanding(paint, standingOf(host), verdict))];
}
