/** One sweep from its first dial to its report, kept in the store meanwhile. */
import type { Report, Sweep, VisitedHost } from '../../runner/report.ts';
import { ulid } from '../ulid.ts';
import type { PreparedSweep } from './prepare-sweep.ts';
import { type Recorded, type RecordingOptions, startRecording } from './recording.ts';
import { runSweep, startedSweep } from './sweep.ts';

export interface OneSweep {
  /** Its visits are over when the report is there. */
  readonly visits: PreparedSweep['visits'];
  readonly user: string;
  readonly stop: AbortSignal;
  /** Each host as it finishes, those that an interrupt cut off included. */
  readonly onHost: (host: VisitedHost) => void | Promise<void>;
}

export interface SweptOnce {
  readonly report: Report;
  /** To be called once results are on the screen; undefined where nothing is kept. Never rejects. */
  readonly keep: () => Promise<Recorded | undefined>;
}

export async function sweepOnce(prepared: PreparedSweep, one: OneSweep): Promise<SweptOnce> {
  const { visits, stop } = one;
  const startedAtMs = Date.now();
  const plan = {
    id: ulid(startedAtMs),
    startedAtMs,
    ...(prepared.asked !== undefined && { asked: prepared.asked }),
    names: visits.names,
    windowSeconds: prepared.settings.windowSeconds,
  };
  const recording = record(prepared, startedSweep(plan), startedAtMs, one);
  const report = await runSweep({
    ...plan,
    visits: visits.start(stop),
    signal: stop,
    nowMs: Date.now,
    onHost: async (host) => {
      // What an interrupt has cut off is stored with the end of the sweep, once results are on the screen.
      if (host.failure?.kind !== 'interrupted') recording?.add(host);
      await one.onHost(host);
    },
  }).finally(() => visits.end());
  return { report, keep: async () => recording?.finish(report) };
}

const SECOND_MS = 1000;
/** Beyond the time that all rounds of visits can take. */
const CLOSING_SECONDS = 60;
/** How long a store may take once the results are on the screen; whoever has interrupted waits less. */
const STORING_MS = 15_000;
const STORING_INTERRUPTED_MS = 3000;

function record(
  { store, settings, retentionDays, asked }: PreparedSweep,
  sweep: Sweep,
  startedAtMs: number,
  { visits, user, stop }: OneSweep,
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
