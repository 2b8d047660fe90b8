/** `/whodisk status`: what is being swept, and what was found last. */
import { type RunningSweep, renderSlackStatus } from '../render/slack-status.ts';
import { StoreProblem } from '../store/problem.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import { jobSchema } from '../sweep/job.ts';
import { type Answer, type Ask, storeTrouble } from './ask.ts';
import { refuse } from './refuse.ts';
import { isWholeSeen, seenPart, seenRows, seenSweeps } from './seen-sweeps.ts';

/** A store that holds more of them than anybody reads is not read for all. */
const MOST_RUNNING = 10;
const MOST_ENDED = 5;

export async function statusAnswer(ask: Ask): Promise<Answer> {
  const { deps, may, config } = ask;
  if (may.hosts.size === 0) return await refuse(ask, ['status']);
  const sweeps = await seenSweeps(ask);
  if (sweeps instanceof StoreProblem) return storeTrouble(ask, sweeps);
  const running: RunningSweep[] = [];
  for (const sweep of sweeps.filter((one) => !hasEnded(one)).slice(0, MOST_RUNNING)) {
    const one = await runningSweep(ask, sweep);
    if (one instanceof StoreProblem) return storeTrouble(ask, one);
    running.push(one);
  }
  const view = { running, nowMs: deps.nowMs(), ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }) };
  for (const sweep of sweeps.filter(hasEnded).slice(0, MOST_ENDED)) {
    const rows = await seenRows(ask, sweep.id);
    if (rows instanceof StoreProblem) return storeTrouble(ask, rows);
    if (rows.length > 0)
      return renderSlackStatus({
        ...view,
        newest: { sweep: seenPart(sweep, rows, ask), rows, hasAgain: isWholeSeen(sweep, ask) },
      });
  }
  return renderSlackStatus(view);
}

async function runningSweep(ask: Ask, sweep: RunningSweep['sweep']): Promise<RunningSweep | StoreProblem> {
  const stored = await ask.deps.store.job(sweep.id);
  if (stored instanceof StoreProblem) return stored;
  if (isWholeSeen(sweep, ask)) {
    const done =
      stored === undefined ? undefined : [...stored.progress.values()].reduce((sum, one) => sum + one.done, 0);
    return { sweep, ...(done !== undefined && { done }) };
  }
  const job = jobSchema.safeParse(stored?.job);
  const names = job.success ? job.data.names.filter((name) => ask.may.hosts.has(name)) : [];
  const { by: _by, ...rest } = sweep;
  return { sweep: { ...rest, asked: [...ask.may.targets], targets: names.length } };
}
