/** The newest sweep, any sweep, the list of them, and what hosts of one share. */
import type { Context, Hono } from 'hono';
import { VERDICTS } from '../../runner/triage/finding.ts';
import { encodeText } from '../render/encode.ts';
import { sweepStartedAt } from '../render/sweep-time.ts';
import { StoreProblem } from '../store/problem.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import type { PageDeps } from './deps.ts';
import { EmptyPage } from './empty-page.tsx';
import type { PageEnv } from './env.ts';
import { frameOf, type Guard } from './guard.ts';
import { PatternPage } from './pattern-page.tsx';
import { notFound, refusal, storeTrouble } from './problem-page.tsx';
import { createReadHeat, type ReadHeat } from './read-heat.ts';
import { readLost } from './read-lost.ts';
import { type RowsAsked, readSweep } from './read-sweep.ts';
import { page } from './respond.ts';
import { SweepPage } from './sweep-page.tsx';
import { SweepsPage } from './sweeps-page.tsx';

const SWEEPS_A_PAGE = 50;

export function addSweepRoutes(app: Hono<PageEnv>, deps: PageDeps, guard: Guard): void {
  const { store } = deps;
  const readHeat = createReadHeat(store);
  const show: ShowSweep = (c, id, asked, isNewest) => showSweep(c, deps, readHeat, { id, asked, isNewest });

  app.get('/', guard.seen, async (c) => {
    const listed = await store.sweeps({ limit: NEWEST_LOOKED_AT });
    const frame = frameOf(c, deps);
    if (listed instanceof StoreProblem) return storeTrouble(c, frame, listed);
    const newest = listed.sweeps.find(hasEnded) ?? listed.sweeps[0];
    if (newest === undefined) return page(c, <EmptyPage frame={frame} />);
    return await show(c, newest.id, {}, true);
  });

  app.get('/sweeps', guard.seen, async (c) => {
    const frame = frameOf(c, deps);
    const before = c.req.query('before');
    const listed = await store.sweeps({ limit: SWEEPS_A_PAGE, ...(before !== undefined && { before }) });
    if (listed instanceof StoreProblem) return pageTrouble(c, deps, listed);
    return page(c, <SweepsPage frame={frame} listed={listed} isFirst={before === undefined} />);
  });

  app.get('/sweeps/:id', guard.seen, async (c) => {
    const verdict = c.req.query('verdict');
    const cursor = c.req.query('cursor');
    const known = VERDICTS.find((one) => one === verdict);
    if (verdict !== undefined && known === undefined) {
      return refusal(
        c,
        frameOf(c, deps),
        400,
        `There is no verdict ${encodeText(JSON.stringify(verdict.slice(0, 100)))}.`,
      );
    }
    const asked: RowsAsked = {
      ...(known !== undefined && { verdict: known }),
      ...(cursor !== undefined && { cursor }),
    };
    return await show(c, c.req.param('id'), asked, false);
  });

  app.get('/sweeps/:id/patterns/:fingerprint', guard.seen, async (c) => {
    const frame = frameOf(c, deps);
    const { id, fingerprint } = c.req.param();
    const detail = sweepStartedAt(id) === undefined ? undefined : await store.sweep(id);
    if (detail instanceof StoreProblem) return storeTrouble(c, frame, detail);
    if (detail === undefined) return notFound(c, frame, NO_SWEEP);
    const pattern = detail.patterns.find((one) => one.fingerprint === fingerprint);
    if (pattern === undefined) return notFound(c, frame, 'No hosts of this sweep share such a culprit.');
    return page(c, <PatternPage frame={frame} sweep={detail.sweep} pattern={pattern} />);
  });
}

/** Running ones may stand before the newest that has ended. */
const NEWEST_LOOKED_AT = 20;

type ShowSweep = (c: Context<PageEnv>, id: string, asked: RowsAsked, isNewest: boolean) => Promise<Response>;

async function showSweep(
  c: Context<PageEnv>,
  deps: PageDeps,
  readHeat: ReadHeat,
  { id, asked, isNewest }: { readonly id: string; readonly asked: RowsAsked; readonly isNewest: boolean },
): Promise<Response> {
  const { store } = deps;
  const frame = frameOf(c, deps);
  const read = sweepStartedAt(id) === undefined ? undefined : await readSweep(store, id, asked);
  if (read instanceof StoreProblem) return pageTrouble(c, deps, read);
  if (read === undefined) return notFound(c, frame, NO_SWEEP);
  const isWhole = hasEnded(read.sweep) && asked.cursor === undefined && asked.verdict === undefined;
  const lost = isWhole ? await readLost(store, read.sweep) : { rows: [], hasMore: false };
  if (lost instanceof StoreProblem) return storeTrouble(c, frame, lost);
  const heat = isWhole ? await readHeat(read) : [];
  if (heat instanceof StoreProblem) return storeTrouble(c, frame, heat);
  const renews = !hasEnded(read.sweep) && c.req.query('still') === undefined;
  const props = { frame, read, asked, lost, heat, isNewest, renews };
  return page(c, <SweepPage {...props} />, { live: renews });
}

export const NO_SWEEP = 'There is no such sweep, or it is not kept any more.';

/** A forged cursor is one that only the store can tell. */
function pageTrouble(c: Context<PageEnv>, deps: PageDeps, why: StoreProblem): Response {
  const frame = frameOf(c, deps);
  if (why.kind !== 'bad-cursor') return storeTrouble(c, frame, why);
  return refusal(c, frame, 400, 'This is no place in the list: begin again with its first page.');
}
