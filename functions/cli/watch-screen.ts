/** A watch on a terminal: the last lines of it are redrawn, and at the end replaced by the whole of the last sweep. */
import { boardLines } from '../render/board.ts';
import { cutEnd } from '../render/fit.ts';
import { nextAfterSweep } from '../render/next-command.ts';
import { wholeChangeLines } from '../render/noted-changes.ts';
import { paintFor } from '../render/paint.ts';
import { renderTerminal } from '../render/terminal.ts';
import { CHANGES, watchPicture } from '../render/watch-picture.ts';
import type { SweepCommand } from './commands.ts';
import { nextText } from './next-words.ts';
import type { Results } from './results.ts';
import { openScreenArea } from './screen-area.ts';
import type { Output } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { type WatchMemory, type WatchView, watchedText } from './watch-view.ts';

/** Of the last words. */
const MOST_CHANGES = 20;

export interface WatchScreen {
  readonly command: SweepCommand;
  readonly memory: WatchMemory;
  readonly results: Results;
  readonly stderr: Output;
  readonly surroundings: Surroundings;
  /** Whether what was found is stored, so that other commands can tell of it. */
  readonly isKept: () => boolean;
}

export function watchScreen({ command, memory, results, stderr, surroundings, isKept }: WatchScreen): WatchView {
  const paint = paintFor(surroundings.colour);
  const area = openScreenArea(stderr);
  let isDrawn = false;
  const aside = (): void => {
    if (isDrawn) area.clear();
    isDrawn = false;
  };
  return {
    above: (done, space) => {
      if (memory.last !== undefined) return watchPicture(memory.last, memory.noted, space, paint);
      return boardLines(done, space, paint);
    },
    hostDone: () => Promise.resolve(),
    swept: () => Promise.resolve(),
    waiting: (secondsLeft) => {
      const { last, sweeps, noted } = memory;
      if (last === undefined) return;
      const { width, height } = area.space();
      const ended = (last.sweep.finishedAt ?? last.sweep.startedAt).slice(11, 19);
      const status = `sweep ${sweeps} ended ${ended} UTC; next in ${secondsLeft} s; Ctrl-C ends`;
      area.draw([...watchPicture(last, noted, { width, height: height - 1 }, paint), paint.dim(cutEnd(status, width))]);
      isDrawn = true;
    },
    aside,
    ended: async (cutOff) => {
      aside();
      const report = memory.last ?? cutOff;
      // It may have become another since the start.
      const columns = stderr.columns || surroundings.columns;
      const rows = stderr.rows || surroundings.rows;
      const options = { width: columns, paint, ...(rows !== undefined && { height: rows }) };
      if (report !== undefined) await results.write(renderTerminal(report, options));
      const changes = wholeChangeLines(memory.noted, MOST_CHANGES, columns, paint);
      const titled = changes.length > 0 ? ['', paint.dim(CHANGES), ...changes] : [];
      const last = [...titled, '', watchedText(memory, Date.now())];
      await results.write(`${last.join('\n')}\n`);
      if (report !== undefined && isKept())
        await results.write(nextText(nextAfterSweep(report), command, { ...surroundings, columns }));
    },
  };
}
