/** Two sweeps beside each other. */
import type { Context, Hono } from 'hono';
import type { Sweep } from '../../runner/report.ts';
import { diffOf } from '../../runner/triage/diff.ts';
import { sweepStartedAt } from '../render/sweep-time.ts';
import { StoreProblem } from '../store/problem.ts';
import { earlierOf, hasEnded, SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import type { PageDeps } from './deps.ts';
import { DiffPage } from './diff-page.tsx';
import type { PageEnv } from './env.ts';
import { frameOf, type Guard } from './guard.ts';
import { notFound, refusal, storeTrouble } from './problem-page.tsx';
import { page } from './respond.ts';
import { NO_SWEEP } from './sweep-routes.tsx';

export function addDiffRoute(app: Hono<PageEnv>, deps: PageDeps, guard: Guard): void {
  const { store } = deps;
  app.get('/diff', guard.seen, async (c) => {
    const frame = frameOf(c, deps);
    const listed = await store.sweeps({ limit: SWEEPS_LOOKED_AT });
    if (listed instanceof StoreProblem) return storeTrouble(c, frame, listed);
    const pair = await pairOf(c, deps, listed.sweeps);
    if (pair instanceof Response) return pair;
    const { from, to } = pair;
    const choice = listed.sweeps.filter(hasEnded).slice(0, MOST_CHOICE);
    if (from === undefined) return page(c, <DiffPage frame={frame} to={to} sweeps={choice} />);
    const [before, after] = await Promise.all([store.allRows(from.id), store.allRows(to.id)]);
    if (before instanceof StoreProblem) return storeTrouble(c, frame, before);
    if (after instanceof StoreProblem) return storeTrouble(c, frame, after);
    const diff = diffOf(before.rows, after.rows);
    return page(c, <DiffPage frame={frame} from={from} to={to} diff={diff} sweeps={choice} />);
  });
}

const MOST_CHOICE = 50;

/** As `whodisk diff` chooses them where nobody says. */
async function pairOf(c: Context<PageEnv>, deps: PageDeps, sweeps: readonly Sweep[]) {
  const frame = frameOf(c, deps);
  const named: { from?: Sweep; to?: Sweep } = {};
  for (const name of ['from', 'to'] as const) {
    const id = c.req.query(name);
    if (id === undefined || id === '') continue;
    const detail = sweepStartedAt(id) === undefined ? undefined : await deps.store.sweep(id);
    if (detail instanceof StoreProblem) return storeTrouble(c, frame, detail);
    if (detail === undefined) return notFound(c, frame, NO_SWEEP);
    if (!hasEnded(detail.sweep)) return refusal(c, frame, 409, 'One of these sweeps has not ended yet.');
    named[name] = detail.sweep;
  }
  const to = named.to ?? sweeps.find(hasEnded);
  if (to === undefined) return notFound(c, frame, 'No sweep has ended yet, and to compare takes two.');
  if (named.from?.id === to.id) return refusal(c, frame, 422, 'A sweep is compared with another one: choose two.');
  const from = named.from ?? earlierOf(to, sweeps);
  return { ...(from !== undefined && { from }), to };
}
