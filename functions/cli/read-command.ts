/**
 * `whodisk read`: captures that somebody pasted → a sweep of the one host that they are of, shown like any other. It is kept only where
 * --store says so: what was pasted may be of last year, and would stand in `history` and `diff` as if it were of now.
 */
import { readCaptures } from '../../runner/captures/read-captures.ts';
import type { VisitedHost } from '../../runner/report.ts';
import { RETENTION_DAYS } from '../config/retention-days.ts';
import { renderHostLine } from '../render/json.ts';
import { ulid } from '../ulid.ts';
import { nameOfCaptures, readCaptureFiles } from './capture-files.ts';
import type { ReadCommand } from './commands.ts';
import { exitStatus, USAGE } from './exit-status.ts';
import { startRecording } from './recording.ts';
import { reportPieces } from './report-pieces.ts';
import { openResults } from './results.ts';
import { sayTo } from './say.ts';
import { type StorePlace, storePlace } from './store-place.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { runSweep, startedSweep } from './sweep.ts';

/** Resolves to the exit status. */
export async function readCommand(command: ReadCommand, surroundings: Surroundings, streams: Streams): Promise<number> {
  const say = sayTo(streams);
  const fail = async (problems: readonly string[]): Promise<number> => {
    for (const problem of problems) await say(problem);
    return USAGE;
  };
  const store: StorePlace =
    command.store === undefined ? { kind: 'none' } : storePlace({ store: command.store }, {}, surroundings);
  if (store.kind === 'problem') return fail([store.problem]);
  const startedAtMs = Date.now();
  const files = await readCaptureFiles(command.files, surroundings.workingDirectory, streams);
  if (files.kind === 'problems') return fail(files.problems);
  const read = readCaptures(files.texts);
  if (read.kind === 'problems') return fail(read.problems);

  const host: VisitedHost = {
    host: read.host ?? nameOfCaptures(command.files, surroundings.workingDirectory),
    ...read.finding,
    status: read.isWhole ? 'swept' : 'partial',
    cost: { bytesReceived: files.bytes, clientMs: Date.now() - startedAtMs },
  };
  const results = openResults(streams.stdout, () => {});
  const plan = {
    id: ulid(startedAtMs),
    startedAtMs,
    asked: command.files.map((file) => `read ${file}`),
    names: [host.host],
    windowSeconds: Math.min(LONGEST_WINDOW, Math.max(1, Math.round(read.windowMs / 1000))),
  };
  const recording =
    store.kind === 'none'
      ? undefined
      : startRecording(store.where, {
          sweep: startedSweep(plan),
          names: plan.names,
          user: surroundings.user,
          retentionDays: RETENTION_DAYS,
          closesByMs: startedAtMs + CLOSING_MS,
          afterwards: false,
          isAsked: false,
          limitMs: () => STORING_MS,
        });
  const report = await runSweep({
    ...plan,
    visits: only(host),
    signal: new AbortController().signal,
    nowMs: Date.now,
    onHost: async (one) => {
      recording?.add(one);
      if (command.format === 'ndjson') await results.write(renderHostLine(one));
    },
  });
  const isTerminal = streams.stdout.isTTY === true;
  for (const piece of reportPieces(report, command.format, surroundings, isTerminal)) await results.write(piece);
  const problem = results.problem();
  results.release();
  if (problem instanceof Error) await say(`the results cannot be written: ${problem.message}`);
  const recorded = await recording?.finish(report);
  for (const note of recorded?.notes ?? []) await say(note);
  if (recorded?.problem !== undefined) await say(recorded.problem);
  return exitStatus({
    report,
    interrupted: false,
    unwritten: problem instanceof Error,
    unstored: recorded?.problem !== undefined,
    failOn: command.failOn,
  });
}

/** The most that a report can say (runner/report.ts); iostat may have looked for hours. */
const LONGEST_WINDOW = 60;
const CLOSING_MS = 60_000;
const STORING_MS = 15_000;

async function* only(host: VisitedHost): AsyncGenerator<VisitedHost> {
  yield host;
}
