/** One host: in one sweep, and over time. */
import type { Hono } from 'hono';
import { encodeText } from '../render/encode.ts';
import { sweepStartedAt } from '../render/sweep-time.ts';
import { StoreProblem } from '../store/problem.ts';
import type { PageDeps } from './deps.ts';
import type { PageEnv } from './env.ts';
import { frameOf, type Guard } from './guard.ts';
import { HistoryPage } from './history-page.tsx';
import { HostPage } from './host-page.tsx';
import { notFound, refusal, storeTrouble } from './problem-page.tsx';
import { page } from './respond.ts';
import { NO_SWEEP } from './sweep-routes.tsx';

/** On the page of the host, and on that of its history. */
const NEWEST_FINDINGS = 8;
const FINDINGS_A_PAGE = 30;

export function addHostRoutes(app: Hono<PageEnv>, deps: PageDeps, guard: Guard): void {
  const { store } = deps;

  app.get('/sweeps/:id/hosts/:host', guard.seen, async (c) => {
    const frame = frameOf(c, deps);
    const { id, host } = c.req.param();
    const detail = sweepStartedAt(id) === undefined ? undefined : await store.sweep(id);
    if (detail instanceof StoreProblem) return storeTrouble(c, frame, detail);
    if (detail === undefined) return notFound(c, frame, NO_SWEEP);
    const [finding, history] = await Promise.all([
      store.finding(id, host),
      store.findings(host, { limit: NEWEST_FINDINGS }),
    ]);
    if (finding instanceof StoreProblem) return storeTrouble(c, frame, finding);
    if (history instanceof StoreProblem) return storeTrouble(c, frame, history);
    if (finding === undefined) {
      return notFound(c, frame, `The sweep has no host ${encodeText(host)}, or is not done with it yet.`);
    }
    return page(c, <HostPage frame={frame} sweep={detail} host={finding} history={history.findings} />);
  });

  app.get('/hosts/:host', guard.seen, async (c) => {
    const frame = frameOf(c, deps);
    const host = c.req.param('host');
    const before = c.req.query('before');
    const history = await store.findings(host, { limit: FINDINGS_A_PAGE, ...(before !== undefined && { before }) });
    if (history instanceof StoreProblem) {
      if (history.kind !== 'bad-cursor') return storeTrouble(c, frame, history);
      return refusal(c, frame, 400, 'This is no place in the list: begin again with its first page.');
    }
    if (before === undefined && history.findings.length + history.unreadable.length === 0) {
      return notFound(c, frame, `Nothing is stored of the host ${encodeText(host)}.`);
    }
    return page(c, <HistoryPage frame={frame} host={host} history={history} isFirst={before === undefined} />);
  });
}
