/** `whodisk sweep`: prepares the visits, shows their course and their results, and says how it ended. */
import type { Sweep } from '../../runner/report.ts';
import type { Config } from '../config/read-config.ts';
import { renderHostLine } from '../render/json.ts';
import { type SweepSettings, sweepSettings } from '../sweep/sweep-settings.ts';
import { planHosts } from '../sweep/visits/plan-hosts.ts';
import { sshVisits } from '../sweep/visits/ssh-visits.ts';
import type { Visits } from '../sweep/visits/visits.ts';
import { ulid } from '../ulid.ts';
import type { SweepCommand } from './commands.ts';
import { exitStatus, INTERRUPTED, USAGE } from './exit-status.ts';
import { readFleet } from './fleet.ts';
import { localVisits } from './local-visits.ts';
import { type AskPassphrase, passphrasePrompt } from './passphrase.ts';
import { startProgress } from './progress.ts';
import { type RecordingOptions, startRecording } from './recording.ts';
import { reportPieces } from './report-pieces.ts';
import { openResults } from './results.ts';
import { sayTo } from './say.ts';
import { type StorePlace, stateFolderOf, storePlace } from './store-place.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { runSweep, startedSweep } from './sweep.ts';
import { untilAborted } from './until-aborted.ts';

/** What a sweep is made of once everything that was given has been read and understood. */
interface Prepared {
  readonly kind: 'prepared';
  readonly visits: Extract<Visits, { kind: 'visits' }>;
  readonly settings: SweepSettings;
  readonly store: Exclude<StorePlace, { kind: 'problem' }>;
  readonly retentionDays: number;
  /** Absent for this machine. */
  readonly asked?: readonly string[];
}

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
    prepare(command, surroundings, streams, onInterrupt),
    untilAborted(interrupt).then(() => undefined),
  ]);
  if (prepared === undefined || interrupt.aborted) return INTERRUPTED;
  if (prepared.kind === 'problems') {
    for (const problem of prepared.problems) await say(problem);
    return USAGE;
  }
  const { visits, settings } = prepared;
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
  const startedAtMs = Date.now();
  const plan = {
    id: ulid(startedAtMs),
    startedAtMs,
    ...(prepared.asked !== undefined && { asked: prepared.asked }),
    names: visits.names,
    windowSeconds: settings.windowSeconds,
  };
  const recording = record(prepared, startedSweep(plan), { startedAtMs, user: surroundings.user, stop: stop.signal });
  const report = await runSweep({
    ...plan,
    visits: visits.start(stop.signal),
    signal: stop.signal,
    nowMs: Date.now,
    onHost: async (host) => {
      // What an interrupt has cut off is no progress, and is stored with the end of the sweep, once results are on the screen.
      if (host.failure?.kind !== 'interrupted') {
        progress.hostDone(host);
        recording?.add(host);
      }
      if (command.format === 'ndjson') await progress.aside(() => results.write(renderHostLine(host)));
    },
  }).finally(() => {
    progress.stop();
    visits.end();
  });
  const rendered = reportPieces(report, command.format, surroundings, streams.stdout.isTTY === true);
  for (const piece of rendered) await results.write(piece);
  const problem = results.problem();
  results.release();
  if (problem instanceof Error) await say(`the results cannot be written: ${problem.message}`);
  const recorded = await recording?.finish(report);
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

type Problems = { readonly kind: 'problems'; readonly problems: readonly string[] };

async function prepare(
  command: SweepCommand,
  surroundings: Surroundings,
  streams: Streams,
  onInterrupt: () => void,
): Promise<Prepared | Problems> {
  const fail = (...problems: readonly string[]): Problems => ({ kind: 'problems', problems });
  const isLocal = command.targets.length === 0 && command.inventories.length === 0;
  const fleet = await readFleet({ ...command, needsHosts: !isLocal }, surroundings, streams);
  if (fleet.kind === 'problems') return fleet;
  const { config } = fleet;
  if (config.disabled !== undefined) return fail(config.disabled);
  const settings = sweepSettings(command, { ...config, privilege: config.defaults.privilege });
  if ('problem' in settings) return fail(settings.problem);
  const store = storePlace(command, config, surroundings);
  if (store.kind === 'problem') return fail(store.problem);

  const visits = isLocal
    ? localVisits(settings, surroundings.hostName, streams.platform)
    : await prepareSsh(command, config, settings, surroundings, passphrasePrompt(streams, onInterrupt));
  if (visits.kind === 'problems') return visits;
  return {
    kind: 'prepared',
    visits: { ...visits, notes: [...fleet.notes, ...visits.notes] },
    settings,
    store,
    retentionDays: config.retentionDays,
    ...(!isLocal && { asked: askedFor(command) }),
  };
}

/** With the inventories: @all of two files is not the same. */
function askedFor({ targets, inventories }: SweepCommand): string[] {
  return [...inventories.map((file) => `-i ${file}`), ...(targets.length > 0 ? targets : ['@all'])];
}

async function prepareSsh(
  command: SweepCommand,
  config: Config,
  settings: SweepSettings,
  surroundings: Surroundings,
  askPassphrase: AskPassphrase | undefined,
): Promise<Visits> {
  const wanted = { ...command, caller: 'local' } as const;
  const planned = await planHosts(wanted, config, surroundings);
  if (planned.kind === 'problems') return planned;
  return sshVisits(wanted, planned, settings, {
    ...surroundings,
    stateFolder: stateFolderOf(command, surroundings),
    ...(askPassphrase && { askPassphrase }),
  });
}

const SECOND_MS = 1000;
/** Beyond the time that all rounds of visits can take. */
const CLOSING_SECONDS = 60;
/** How long a store may take once the results are on the screen; whoever has interrupted waits less. */
const STORING_MS = 15_000;
const STORING_INTERRUPTED_MS = 3000;

function record(
  { store, settings, retentionDays, asked, visits }: Prepared,
  sweep: Sweep,
  { startedAtMs, user, stop }: { startedAtMs: number; user: string; stop: AbortSignal },
): ReturnType<typeof startRecording> | undefined {
  if (store.kind === 'none') return undefined;
  const rounds = Math.ceil(visits.names.length / visits.width);
  const options: RecordingOptions = {
    sweep,
    names: visits.names,
    user,
    retentionDays,
    closesByMs: startedAtMs + (rounds * settings.deadlineSeconds + CLOSING_SECONDS) * SECOND_MS,
    afterwards: asked === undefined,
    limitMs: () => (stop.aborted ? STORING_INTERRUPTED_MS : STORING_MS),
  };
  return startRecording(store.where, options);
}
