/**
 * `whodisk --watch`: one sweep after the other, each a while after the end of the one before, and what changed between them. It ends
 * by a Ctrl-C, when nobody reads any more, or when what --fail-on names is found.
 */
import { inTime } from '../in-time.ts';
import { newsBetween } from '../render/news-between.ts';
import type { Visits } from '../sweep/visits/visits.ts';
import type { SweepCommand } from './commands.ts';
import { exitStatus, FOUND, INTERRUPTED, USAGE } from './exit-status.ts';
import { sweepOnce } from './one-sweep.ts';
import { pause } from './pause.ts';
import type { PreparedSweep } from './prepare-sweep.ts';
import { startProgress } from './progress.ts';
import { openResults } from './results.ts';
import { sayTo } from './say.ts';
import { onceEach } from './say-once.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { untilAborted } from './until-aborted.ts';
import { watchLines } from './watch-lines.ts';
import { watchScreen } from './watch-screen.ts';
import { remember, type WatchMemory } from './watch-view.ts';

/** How long the store may take once a Ctrl-C has come and the last words are said. */
const STORING_MS = 3000;

/** Resolves to the exit status. */
export async function watchSweeps(
  command: SweepCommand & { readonly watchSeconds: number },
  prepared: PreparedSweep,
  surroundings: Surroundings,
  streams: Streams,
  interrupt: AbortSignal,
): Promise<number> {
  const { stdout, stderr } = streams;
  const { isDumbTerminal: isDumb, user } = surroundings;
  const stop = new AbortController();
  if (interrupt.aborted) stop.abort();
  interrupt.addEventListener('abort', () => stop.abort(), { once: true });
  const results = openResults(stdout, () => stop.abort());
  const memory: WatchMemory = { sweeps: 0, noted: [], startedAtMs: Date.now() };
  const isTerminal = stdout.isTTY === true;
  const isScreen = isTerminal && stderr.isTTY === true && !isDumb && command.format === undefined;
  let isKept = false;
  const view = isScreen
    ? watchScreen({ command, memory, results, stderr, surroundings, isKept: () => isKept })
    : watchLines(command.format, memory, results, surroundings, isTerminal);
  const sayOnce = onceEach(sayTo(streams));

  /** One sweep and the time until the next. Resolves to the exit status where it is the last one. */
  const round = async (
    visits: Extract<Visits, { kind: 'visits' }>,
    signal: AbortSignal,
  ): Promise<number | undefined> => {
    const [only] = visits.names;
    const progress = startProgress(stderr, {
      total: visits.names.length,
      ...(visits.names.length === 1 && only !== undefined && { only }),
      isDumb,
      nowMs: () => performance.now(),
      ...(view.above && { above: view.above }),
    });
    const { report, keep } = await sweepOnce(prepared, {
      visits,
      user,
      stop: signal,
      onHost: async (host) => {
        if (host.failure?.kind !== 'interrupted') progress.hostDone(host);
        if (command.format === 'ndjson') await progress.aside(() => view.hostDone(host));
      },
    }).finally(progress.stop);
    const isWhole = report.sweep.status === 'complete';
    if (isWhole) {
      const before = memory.last;
      const since = before && { before, diff: newsBetween(before.hosts, report.hosts) };
      remember(memory, report, since?.diff, Date.now());
      await view.swept(report, since);
    }
    const keeping = keep();
    // Nobody who has pressed Ctrl-C waits for a store before the last words.
    const early = signal.aborted
      ? undefined
      : await Promise.race([keeping, untilAborted(signal).then(() => undefined)]);
    if (isWhole) isKept = early !== undefined && early.problem === undefined;
    const statusWith = (unstored: boolean): number =>
      exitStatus({
        report,
        interrupted: interrupt.aborted,
        unwritten: results.problem() instanceof Error,
        unstored,
        failOn: command.failOn,
      });
    const isLast = (): boolean => signal.aborted || results.problem() !== undefined;
    if (!isLast()) {
      for (const note of [...(early?.notes ?? []), early?.problem]) await sayOnce(note);
      const status = statusWith(early?.problem !== undefined);
      if (status !== FOUND) {
        await pause(command.watchSeconds, signal, view.waiting);
        view.aside();
        if (!isLast()) return undefined;
      }
    }
    await view.ended(isWhole ? undefined : report);
    const late = await inTime(keeping, STORING_MS);
    const problem = late === 'late' ? undefined : late?.problem;
    await sayOnce(problem);
    return statusWith(problem !== undefined);
  };

  let visits: Visits = prepared.visits;
  try {
    for (;;) {
      // Of a watch that goes on for days nothing may hang on to the one signal that ends it.
      const turn = new AbortController();
      const end = (): void => turn.abort();
      if (stop.signal.aborted) end();
      stop.signal.addEventListener('abort', end);
      const status = await round(visits, turn.signal).finally(() => stop.signal.removeEventListener('abort', end));
      if (status !== undefined) return status;
      const next = await Promise.race([prepared.again(), untilAborted(stop.signal).then(() => undefined)]);
      if (next === undefined) {
        await view.ended(undefined);
        return interrupt.aborted ? INTERRUPTED : 0;
      }
      if (next.kind === 'problems') {
        for (const problem of next.problems) await sayOnce(problem);
        return USAGE;
      }
      for (const note of next.notes) await sayOnce(note);
      visits = next;
    }
  } finally {
    const problem = results.problem();
    if (problem instanceof Error) await sayOnce(`the results cannot be written: ${problem.message}`);
    results.release();
  }
}
