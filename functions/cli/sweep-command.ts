/** `whodisk sweep`: prepares the visits, shows their course and their results, and says how it ended. */
import type { Report } from '../../runner/report.ts';
import { encodeText } from '../render/encode.ts';
import { renderHostLine, renderJson, renderSweepLine } from '../render/json.ts';
import { paintFor, paintStanding } from '../render/paint.ts';
import { renderPlain } from '../render/plain.ts';
import { standingOf } from '../render/standing.ts';
import { renderTerminal } from '../render/terminal.ts';
import type { Format, SweepCommand } from './command-line.ts';
import { exitStatus, INTERRUPTED, USAGE } from './exit-status.ts';
import { localVisits } from './local-visits.ts';
import { passphrasePrompt } from './passphrase.ts';
import { startProgress } from './progress.ts';
import { openResults } from './results.ts';
import { sshVisits } from './ssh-visits.ts';
import type { Streams } from './streams.ts';
import { runSweep } from './sweep.ts';
import type { Visits } from './visits.ts';

/** What the command takes from the machine that it runs on. */
export interface Surroundings {
  /** This machine's own name. */
  readonly hostName: string;
  /** Who runs it. */
  readonly user: string;
  readonly homeDirectory: string;
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  /** Columns of the terminal on stdout. */
  readonly columns: number;
  readonly colour: boolean;
  /** Colour is wanted even where stdout is no terminal. */
  readonly forcedColour: boolean;
  /** TERM=dumb. */
  readonly isDumbTerminal: boolean;
}

/** Resolves to the exit status. `onInterrupt` is called for a Ctrl-C that a prompt has swallowed. */
export async function sweepCommand(
  command: SweepCommand,
  surroundings: Surroundings,
  streams: Streams,
  interrupt: AbortSignal,
  onInterrupt: () => void,
): Promise<number> {
  const say = (text: string): Promise<void> =>
    new Promise((resolve) => {
      streams.stderr.write(`whodisk: ${text.split('\n').map(encodeText).join('\n  ')}\n`, () => resolve());
    });
  const visits = await prepare(command, surroundings, streams, onInterrupt);
  if (interrupt.aborted) return INTERRUPTED;
  if (visits.kind === 'problems') {
    for (const problem of visits.problems) await say(problem);
    return USAGE;
  }
  for (const note of visits.notes) await say(note);

  const stop = new AbortController();
  if (interrupt.aborted) stop.abort();
  interrupt.addEventListener('abort', () => stop.abort(), { once: true });
  const results = openResults(streams.stdout, () => stop.abort());
  const [only] = visits.names;
  const progress = startProgress(streams.stderr, {
    total: visits.names.length,
    ...(visits.names.length === 1 && only !== undefined && { only }),
    isDumb: surroundings.isDumbTerminal,
    nowMs: () => performance.now(),
  });
  const report = await runSweep({
    names: visits.names,
    visits: visits.start(stop.signal),
    windowSeconds: command.windowSeconds,
    signal: stop.signal,
    nowMs: Date.now,
    onHost: async (host) => {
      progress.hostDone(host);
      if (command.format === 'ndjson') await progress.aside(() => results.write(renderHostLine(host)));
    },
  }).finally(() => progress.stop());
  await results.write(render(report, command.format, surroundings, streams.stdout.isTTY === true));
  const problem = results.problem();
  results.release();
  if (problem instanceof Error) await say(`the results cannot be written: ${problem.message}`);
  return exitStatus({
    report,
    interrupted: interrupt.aborted,
    unwritten: problem instanceof Error,
    failOn: command.failOn,
  });
}

function prepare(
  command: SweepCommand,
  surroundings: Surroundings,
  streams: Streams,
  onInterrupt: () => void,
): Promise<Visits> | Visits {
  if (command.targets.length === 0) return localVisits(command, surroundings.hostName, streams.platform);
  const askPassphrase = passphrasePrompt(streams, onInterrupt);
  return sshVisits(command, { ...surroundings, ...(askPassphrase && { askPassphrase }) });
}

function render(report: Report, format: Format | undefined, surroundings: Surroundings, isTerminal: boolean): string {
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'ndjson':
      return renderSweepLine(report);
    case 'plain':
      return renderPlain(report);
    case undefined:
      break;
    default:
      return format satisfies never;
  }
  if (isTerminal) {
    return renderTerminal(report, { width: surroundings.columns, paint: paintFor(surroundings.colour) });
  }
  const paint = paintFor(surroundings.forcedColour);
  return renderPlain(report, (host, verdict) => paintStanding(paint, standingOf(host), verdict));
}
