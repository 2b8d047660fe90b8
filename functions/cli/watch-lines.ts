/**
 * A watch as lines that are only added to: in a pipe, on a terminal that cannot rewrite them, or as JSON. The first sweep is told whole,
 * each later one by what changed.
 */
import { renderDiff, renderDiffPlain } from '../render/diff.ts';
import { renderHostLine } from '../render/json.ts';
import { paintFor } from '../render/paint.ts';
import type { Format } from './commands.ts';
import { reportPieces } from './report-pieces.ts';
import type { Results } from './results.ts';
import type { Surroundings } from './surroundings.ts';
import { type WatchMemory, type WatchView, watchedText } from './watch-view.ts';

export function watchLines(
  format: Format | undefined,
  memory: WatchMemory,
  results: Results,
  surroundings: Surroundings,
  isTerminal: boolean,
): WatchView {
  const isJson = format === 'ndjson';
  const writeReport = async (report: Parameters<typeof reportPieces>[0]): Promise<void> => {
    for (const piece of reportPieces(report, format, surroundings, isTerminal)) await results.write(piece);
  };
  return {
    hostDone: (host) => (isJson ? results.write(renderHostLine(host)) : Promise.resolve()),
    swept: async (report, since) => {
      if (since === undefined || isJson) return writeReport(report);
      const facts = { from: since.before.sweep, to: report.sweep, nowMs: Date.now() };
      const { columns, colour } = surroundings;
      await results.write(
        isTerminal && format === undefined
          ? `\n${renderDiff(since.diff, facts, { width: columns, paint: paintFor(colour) })}`
          : renderDiffPlain(since.diff, facts),
      );
    },
    waiting: () => {},
    aside: () => {},
    ended: async (cutOff) => {
      if (cutOff !== undefined && (isJson || memory.last === undefined)) await writeReport(cutOff);
      if (!isJson) await results.write(`${watchedText(memory, Date.now())}\n`);
    },
  };
}
