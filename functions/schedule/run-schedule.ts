/** A schedule's time has come: one sweep, whoever fires it. */
import type { Sweep } from '../../runner/report.ts';
import type { Asker } from '../audit-record.ts';
import type { Config } from '../config/read-config.ts';
import type { ScheduleConfig } from '../config/service-config.ts';
import { askerWords } from '../render/asker.ts';
import { StoreProblem } from '../store/problem.ts';
import { hasEnded, SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import type { Started } from '../sweep/service.ts';
import { tellNotice } from '../tell/notice.ts';
import type { ScheduleDeps } from './deps.ts';

export type ScheduleRun =
  | { readonly kind: 'started'; readonly sweep: Sweep }
  /** Another process of the same store fired for this minute. */
  | { readonly kind: 'known' }
  /** The sweep before is still under way. */
  | { readonly kind: 'skipped' }
  | {
      readonly kind: 'refused';
      /** A sentence. */
      readonly message: string;
      /** Asked again for the same minute it may begin. */
      readonly isPassing?: true;
    };

/**
 * Its destinations hear of the sweep when it has ended, and only of changes; that it could not begin they hear at once, but of each kind
 * of trouble once a day. Never rejects.
 *
 * @param name of `schedules` in whodisk.yml
 * @param firedAtMs epoch; of one minute one sweep is begun
 */
export async function runSchedule(deps: ScheduleDeps, name: string, firedAtMs: number): Promise<ScheduleRun> {
  const { log } = deps;
  try {
    return await fire(deps, name, Math.floor(firedAtMs / MINUTE_MS) * MINUTE_MS);
  } catch (error) {
    log.error('a schedule failed', { schedule: name, detail: String(error) });
    return { kind: 'refused', message: 'It failed: the log of the service says why.' };
  }
}

async function fire(deps: ScheduleDeps, name: string, minuteMs: number): Promise<ScheduleRun> {
  const config = await deps.config();
  if ('problem' in config) {
    const why = { kind: 'stopped', message: config.problem } as const;
    const run = await refused(deps, deps.lastConfig?.(), name, why, minuteMs);
    return config.isPassing === true ? { ...run, isPassing: true } : run;
  }
  const schedule = scheduleOf(config, name);
  if (schedule === undefined) {
    deps.log.warn('a schedule fired that whodisk.yml does not have any more', { schedule: name });
    return { kind: 'refused', message: 'whodisk.yml does not have it any more.' };
  }
  const running = await runningSweep(deps, name, minuteMs);
  if (running instanceof StoreProblem) {
    return await refused(deps, config, name, { kind: 'store-failed', problem: running }, minuteMs);
  }
  if (running !== undefined) return await skipped(deps, config, schedule, running);
  const started = await deps.service.start({
    targets: schedule.targets,
    ...(schedule.windowSeconds !== undefined && { windowSeconds: schedule.windowSeconds }),
    trigger: 'schedule',
    by: askerOf(name),
    tell: schedule.tell.map((to) => ({ kind: 'destination', name: to, onlyChanges: true, watch: schedule.watch })),
    idempotencyKey: `schedule#${name}#${minuteText(minuteMs)}`,
  });
  switch (started.kind) {
    case 'started':
      return { kind: 'started', sweep: started.sweep };
    case 'known':
    // Between two processes whodisk.yml has changed: the minute has its sweep.
    case 'key-reused':
      return { kind: 'known' };
    default:
      return await refused(deps, config, name, started, minuteMs);
  }
}

const askerOf = (name: string): Asker => ({ kind: 'schedule', name });

const scheduleOf = (config: Config, name: string): ScheduleConfig | undefined =>
  config.schedules.find((each) => each.name === name);

/** A sweep of an earlier minute that has not ended. One of this minute is what another process has just begun. */
async function runningSweep(
  { store }: ScheduleDeps,
  name: string,
  minuteMs: number,
): Promise<Sweep | StoreProblem | undefined> {
  const newest = await store.sweeps({ limit: SWEEPS_LOOKED_AT });
  if (newest instanceof StoreProblem) return newest;
  const by = askerWords(askerOf(name));
  return newest.sweeps.find(
    (sweep) =>
      sweep.trigger === 'schedule' && sweep.by === by && !hasEnded(sweep) && Date.parse(sweep.startedAt) < minuteMs,
  );
}

async function skipped(
  deps: ScheduleDeps,
  config: Config,
  { name, tell }: ScheduleConfig,
  running: Sweep,
): Promise<ScheduleRun> {
  deps.log.warn('a schedule was left out: its last sweep is still under way', { schedule: name, sweepId: running.id });
  const sentence = `a sweep was left out, since the one of ${running.startedAt} is still under way. Give it fewer targets or more time.`;
  const about = askerWords(askerOf(name));
  await tellNotice(deps, config, tell, { key: `schedule-skipped#${name}#${running.id}`, about, sentence });
  return { kind: 'skipped' };
}

async function refused(
  deps: ScheduleDeps,
  config: Config | undefined,
  name: string,
  why: Exclude<Started, { kind: 'started' | 'known' | 'key-reused' }>,
  minuteMs: number,
): Promise<ScheduleRun & { kind: 'refused' }> {
  const message = sentenceOf(why);
  deps.log.error('a schedule could not run', { schedule: name, detail: message });
  const day = new Date(minuteMs).toISOString().slice(0, 10);
  const about = askerWords(askerOf(name));
  const notice = {
    key: `schedule-refused#${name}#${why.kind}#${day}`,
    about,
    sentence: `it could not run. ${message}`,
    ...(why.kind === 'store-failed' && { said: deps.said ?? new Set<string>() }),
  };
  const tell = config && scheduleOf(config, name)?.tell;
  if (config !== undefined && tell !== undefined) await tellNotice(deps, config, tell, notice);
  return { kind: 'refused', message, ...(why.kind === 'store-failed' && { isPassing: true }) };
}

function sentenceOf(why: Parameters<typeof refused>[3]): string {
  switch (why.kind) {
    case 'stopped':
      return why.message;
    case 'bad-targets':
      return why.problems.map(({ message }) => message).join(' ');
    case 'forbidden':
      return 'Its targets are not allowed.';
    case 'store-failed':
      return `The store fails: ${why.problem.message}; ${why.problem.mend}.`;
    default:
      return why satisfies never;
  }
}

/** 2025-11-28T06:30Z */
const minuteText = (minuteMs: number): string => new Date(minuteMs).toISOString().replace(/:00\.000Z$/u, 'Z');

const MINUTE_MS = 60_000;
