/** `whodisk sweep`: prepares the visits, shows their course and their results, and says how it ended. */
import { boardLines } from '../render/board.ts';
import { renderHostLine } from '../render/json.ts';
import { nextAfterSweep } from '../render/next-command.ts';
import { paintFor } from '../render/paint.ts';
import type { SweepCommand } from './commands.ts';
import { exitStatus, INTERRUPTED, USAGE } from './exit-status.ts';
import { nextText } from './next-words.ts';
import { sweepOnce } from './one-sweep.ts';
import { type PreparedSweep, prepareSweep } from './prepare-sweep.ts';
import { startProgress } from './progress.ts';
import { reportPieces } from './report-pieces.ts';
import { openResults } from './results.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { untilAborted } from './until-aborted.ts';
import { watchSweeps } from './watch-sweeps.ts';

/** Resolves to the exit status. `onInterrupt` is called for a Ctrl-C that a prompt has swallowed. */
export async function sweepCommand(
  command: SweepCommand,
  surroundings: Surroundings,
  streams: Streams,
  interrupt: AbortSignal,
  onInterrupt: () => void,
): Promise<number> {
  const say = sayTo(streams);
  // What it reads may never come: an inventory on stdin, a file system that hangs.
  const prepared = await Promise.race([
    prepareSweep(command, surroundings, streams, onInterrupt),
    untilAborted(interrupt).then(() => undefined),
  ]);
  if (prepared === undefined || interrupt.aborted) return INTERRUPTED;
  if (prepared.kind === 'problems') {
    for (const problem of prepared.problems) await say(problem);
    return USAGE;
  }
  for (const note of prepared.visits.notes) await say(note);
  const { watchSeconds } = command;
  if (watchSeconds !== undefined)
    return watchSweeps({ ...command, watchSeconds }, prepared, surroundings, streams, interrupt);
  return showOneSweep(command, prepared, surroundings, streams, interrupt);
}

async function showOneSweep(
  command: SweepCommand,
  prepared: PreparedSweep,
  surroundings: Surroundings,
  streams: Streams,
  interrupt: AbortSignal,
): Promise<number> {
  const { stdout, stderr } = streams;
  const say = sayTo(streams);
  const { visits } = prepared;
  const stop = new AbortController();
  if (interrupt.aborted) stop.abort();
  interrupt.addEventListener('abort', () => stop.abort(), { once: true });
  const results = openResults(stdout, () => stop.abort());
  const [only] = visits.names;
  const isForPerson = command.format === undefined && stdout.isTTY === true;
  const progress = startProgress(stderr, {
    total: visits.names.length,
    ...(visits.names.length === 1 && only !== undefined && { only }),
    isDumb: surroundings.isDumbTerminal,
    nowMs: () => performance.now(),
    // Where the table itself is going to be.
    ...(isForPerson &&
      visits.names.length > 1 && {
        above: (done, space) => boardLines(done, space, paintFor(surroundings.colour)),
      }),
  });
  const { report, keep } = await sweepOnce(prepared, {
    visits,
    user: surroundings.user,
    stop: stop.signal,
    onHost: async (host) => {
      if (host.failure?.kind !== 'interrupted') progress.hostDone(host);
      if (command.format === 'ndjson') await progress.aside(() => results.write(renderHostLine(host)));
    },
  }).finally(progress.stop);
  for (const piece of reportPieces(report, command.format, surroundings, stdout.isTTY === true)) {
    await results.write(piece);
  }
  const problem = results.problem();
  if (problem instanceof Error) await say(`the results cannot be written: ${problem.message}`);
  const recorded = await keep();
  const isKept = recorded !== undefined && recorded.problem === undefined;
  if (isForPerson && isKept) await results.write(nextText(nextAfterSweep(report), command, surroundings));
  results.release();
  for (const note of recorded?.notes ?? []) await say(note);
  if (recorded?.problem !== undefined) await say(recorded.problem);
  return exitStatus({
    report,
    interrupted: interrupt.aborted,
    unwritten: problem instanceof Error,
    unstored: recorded?.problem !== undefined,
    failOn: command.failOn,
  });
}
