/** The clock of the schedules in whodisk.yml, on one machine. */
import { Cron } from 'croner';
import { CRON_MODE } from '../config/cron.ts';
import type { Config } from '../config/read-config.ts';
import type { ScheduleConfig } from '../config/service-config.ts';
import type { ScheduleDeps } from './deps.ts';
import { runSchedule } from './run-schedule.ts';

export interface Schedules {
  /** Reads whodisk.yml now; it is read by itself twice a minute too. Never rejects. */
  reload(): Promise<void>;
  /** Epoch milliseconds; undefined where it will not run again. */
  nextRuns(): readonly { readonly name: string; readonly atMs: number | undefined }[];
  /** Nothing fires from now on. Resolves when what has fired is asked for. */
  stop(): Promise<void>;
}

/** Resolves once whodisk.yml was read for the first time. Where it cannot be read, what was read before stays. */
export async function startSchedules(deps: Omit<ScheduleDeps, 'lastConfig' | 'said'>): Promise<Schedules> {
  const running = new Map<string, { readonly key: string; readonly job: Cron }>();
  const firing = new Set<Promise<unknown>>();
  const said = new Set<string>();
  let lastConfig: Config | undefined;
  let isStopped = false;

  const fire = (name: string): void => {
    const run = runSchedule({ ...deps, said, lastConfig: () => lastConfig }, name, deps.nowMs());
    firing.add(run);
    void run.finally(() => firing.delete(run));
  };
  const reload = async (): Promise<void> => {
    const config = await deps.config();
    if (isStopped || 'problem' in config) return;
    lastConfig = config;
    const wanted = new Map(config.schedules.map((schedule) => [schedule.name, schedule]));
    for (const [name, { key, job }] of running) {
      if (keyOf(wanted.get(name)) === key) continue;
      job.stop();
      running.delete(name);
    }
    for (const [name, schedule] of wanted) {
      if (running.has(name)) continue;
      running.set(name, { key: keyOf(schedule), job: cronOf(schedule, () => fire(name)) });
    }
  };
  const readAgain = (): Promise<void> =>
    reload().catch((error) => deps.log.error('the schedules cannot be read', { detail: String(error) }));

  await readAgain();
  const timer = setInterval(() => void readAgain(), READ_AGAIN_MS);
  timer.unref();
  return {
    reload: readAgain,
    nextRuns: () => [...running].map(([name, { job }]) => ({ name, atMs: job.nextRun()?.getTime() })),
    async stop() {
      isStopped = true;
      clearInterval(timer);
      for (const { job } of running.values()) job.stop();
      await Promise.allSettled(firing);
    },
  };
}

/** What the clock depends on; the rest is read when it fires. */
const keyOf = (schedule: ScheduleConfig | undefined): string => JSON.stringify([schedule?.cron, schedule?.timeZone]);

function cronOf({ cron, timeZone }: ScheduleConfig, fire: () => void): Cron {
  return new Cron(cron, { mode: CRON_MODE, timezone: timeZone, unref: true }, fire);
}

const READ_AGAIN_MS = 30_000;
