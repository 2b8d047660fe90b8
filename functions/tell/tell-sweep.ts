/** The end of a sweep, told to whom its job names. */
import { createHash } from 'node:crypto';
import type { Sweep } from '../../runner/report.ts';
import type { Asker } from '../audit-record.ts';
import type { Config } from '../config/read-config.ts';
import { renderSlackSweep, type SlackSweepView } from '../render/slack-sweep.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Job, Tell } from '../sweep/job.ts';
import type { TellDeps } from './deps.ts';
import { type News, newsOf } from './news.ts';
import { type Once, tellOnce } from './once.ts';
import type { Told } from './outcome.ts';
import { responseUrlProblem, sendToResponseUrl } from './response-url.ts';
import { sendTo } from './send-to.ts';
import { sweepBody } from './webhook-body.ts';

type Content = Pick<SlackSweepView, 'rows' | 'patterns'>;

/**
 * For SweepDeps.tell. Each destination is told once, whoever tries; nothing secret is in the log.
 *
 * @returns false where some of them may be told later
 */
export function tellSweep(deps: TellDeps): (job: Job, sweep: Sweep) => Promise<boolean> {
  return async (job, sweep) => {
    if (job.tell.length === 0) return true;
    try {
      const outcomes = await tellAll(deps, job, sweep);
      return outcomes.every((each) => each);
    } catch (error) {
      deps.log.error('telling of a sweep failed', { sweepId: sweep.id, detail: String(error) });
      return false;
    }
  };
}

async function tellAll(deps: TellDeps, job: Job, sweep: Sweep): Promise<readonly boolean[]> {
  const { store, log } = deps;
  const later = (detail: string): [false] => {
    log.warn('a sweep is told later', { sweepId: sweep.id, detail });
    return [false];
  };
  const config = await deps.config();
  if ('problem' in config) return later(config.problem);
  const [read, detail] = await Promise.all([store.allRows(sweep.id), store.sweep(sweep.id)]);
  if (read instanceof StoreProblem) return later(read.message);
  if (detail instanceof StoreProblem) return later(detail.message);
  const content = { rows: read.rows, patterns: detail?.patterns ?? [] };
  const news = await newsOf(store, sweep, content.rows, job.tell);
  if (news instanceof StoreProblem) return later(news.message);

  return await Promise.all(
    job.tell.map(async (tell) => {
      const outcome = await tellOne(deps, config, { job, sweep, content, news }, tell);
      return isSettled(deps, sweep, nameOf(tell), outcome);
    }),
  );
}

interface Telling {
  readonly job: Job;
  readonly sweep: Sweep;
  readonly content: Content;
  readonly news: News;
}

async function tellOne(deps: TellDeps, config: Config, telling: Telling, tell: Tell): Promise<Once> {
  const { job, sweep, content, news } = telling;
  if (tell.kind === 'slack-response') {
    const origins = config.slack?.responseOrigins ?? [];
    const problem = responseUrlProblem(tell.url, origins);
    if (problem !== undefined) return { kind: 'given-up', message: problem };
    const message = renderSlackSweep(viewOf(config, sweep, content));
    return await tellOnce(deps, `${sweep.id}#${nameOf(tell)}`, () =>
      sendToResponseUrl(deps, origins, tell.url, { ...message, response_type: 'in_channel', replace_original: false }),
    );
  }
  const said = tell.onlyChanges ? news(tell.watch) : { kind: 'all' as const };
  if (said.kind === 'nothing') return { kind: 'already' };
  const destination = config.tell.get(tell.name);
  if (destination === undefined) return { kind: 'given-up', message: 'whodisk.yml does not describe it any more.' };
  const couldNotRun = said.kind === 'could-not-run';
  const diff = said.kind === 'changes' ? said.diff : undefined;
  const heading = headingOf(job.by, couldNotRun);
  const view = { ...viewOf(config, sweep, content), ...(diff && { diff }), ...(heading !== undefined && { heading }) };
  const send = (): Promise<Told> =>
    sendTo(deps, destination, {
      id: `${sweep.id}-${tell.name}`,
      slack: () => renderSlackSweep(view),
      body: () => sweepBody({ ...view, couldNotRun }),
    });
  return await tellOnce(deps, `${sweep.id}#${nameOf(tell)}`, send);
}

function viewOf(config: Config, sweep: Sweep, content: Content): SlackSweepView {
  const { publicUrl, slack } = config;
  return { sweep, ...content, ...(publicUrl !== undefined && { publicUrl }), hasButtons: slack !== undefined };
}

function headingOf(by: Asker, couldNotRun: boolean): string | undefined {
  if (by.kind === 'schedule') return `Schedule ${by.name}${couldNotRun ? ' could not run' : ''}`;
  if (by.kind !== 'alert') return undefined;
  const more = by.alerts.length - MOST_ALERTS;
  return `Alert ${by.alerts.slice(0, MOST_ALERTS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** In claims and in the log: never the URL. */
function nameOf(tell: Tell): string {
  if (tell.kind === 'destination') return `destination#${tell.name}`;
  return `response#${createHash('sha256').update(tell.url).digest('hex').slice(0, 16)}`;
}

function isSettled({ log }: TellDeps, { id: sweepId }: Sweep, to: string, outcome: Once): boolean {
  switch (outcome.kind) {
    case 'already':
      return true;
    case 'told':
      log.info('a sweep was told', { sweepId, to });
      return true;
    case 'again':
      log.warn('a sweep is told later', { sweepId, to, detail: outcome.message });
      return false;
    case 'given-up':
      log.error('a sweep cannot be told', { sweepId, to, detail: outcome.message });
      return true;
    default:
      return outcome satisfies never;
  }
}

const MOST_ALERTS = 3;
