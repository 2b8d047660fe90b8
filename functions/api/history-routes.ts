/** What was before: of one host, and between two sweeps. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Sweep } from '../../runner/report.ts';
import { diffOf } from '../../runner/triage/diff.ts';
import { sweepStartedAt } from '../render/sweep-time.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store, Unreadable } from '../store/store.ts';
import { earlierOf, hasEnded, SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import type { Guard } from './guard.ts';
import { BadCursor, badCursor, nextCursor, pageProblem, placeIn } from './paging.ts';
import { DEFAULT_LIMIT, diffQuery, hostPath, pageQuery } from './parameters.ts';
import { problem, quoted } from './problem.ts';
import { answers, BAD_REQUEST, COMMON, failsWith, INVALID, NOT_FOUND } from './responses.ts';
import { diff as diffSchema, history as historySchema } from './schemas.ts';
import { storeProblem } from './store-problem.ts';
import { noSweep } from './sweep-answer.ts';

const TAGS = ['history'];

export function addHistoryRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiDeps, guard: Guard): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/hosts/{host}/findings',
      operationId: 'getHistory',
      tags: TAGS,
      summary: 'The history of one host',
      description: 'Its findings, newest first, whole. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { params: hostPath, query: pageQuery },
      responses: { 200: answers(historySchema, 'A page of them'), ...BAD_REQUEST, ...NOT_FOUND, ...INVALID, ...COMMON },
    }),
    async (c) => {
      const { host } = c.req.valid('param');
      const { limit = DEFAULT_LIMIT, cursor } = c.req.valid('query');
      const list = ['history', host];
      const before = placeIn(list, cursor);
      if (before instanceof BadCursor) return badCursor(c);
      const page = await store.findings(host, { limit, ...(before !== undefined && { before }) });
      if (page instanceof StoreProblem) return pageProblem(c, page);
      const { unreadable } = page;
      if (before === undefined && page.findings.length + unreadable.length === 0) {
        return problem(c, 'not-found', `Nothing is stored of the host ${quoted(host)}.`);
      }
      const findings = page.findings.map(({ sweepId, host: finding }) => {
        const startedAt = sweepStartedAt(sweepId);
        return { ...finding, sweep: sweepId, ...(startedAt !== undefined && { startedAt }) };
      });
      return c.json({ host, findings, unreadable, ...nextCursor(list, page.before) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/diff',
      operationId: 'getDiff',
      tags: TAGS,
      summary: 'What is new, worse, better and gone',
      description:
        'Without parameters: the newest sweep that has ended, and the last one before it that was asked for with the same targets. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { query: diffQuery },
      responses: {
        200: answers(diffSchema, 'Host by host; each host is in one list at most'),
        409: failsWith('One of the sweeps has not ended'),
        ...NOT_FOUND,
        ...INVALID,
        ...COMMON,
      },
    }),
    async (c) => {
      const pair = await pairOf(c, store, c.req.valid('query'));
      if (pair instanceof Response) return pair;
      const { from, to } = pair;
      const unreadable: Unreadable[] = [];
      if (from === undefined) return c.json({ from: null, to, ...diffOf([], []), unreadable }, 200);
      const [before, after] = await Promise.all([store.allRows(from.id), store.allRows(to.id)]);
      if (before instanceof StoreProblem) return storeProblem(c, before);
      if (after instanceof StoreProblem) return storeProblem(c, after);
      unreadable.push(...before.unreadable, ...after.unreadable);
      return c.json({ from, to, ...diffOf(before.rows, after.rows), unreadable }, 200);
    },
  );
}

/** `from` is absent where the later sweep is the first of its targets. */
async function pairOf(c: Context, store: Store, asked: { from?: string | undefined; to?: string | undefined }) {
  if (asked.from !== undefined && asked.from === asked.to) {
    const errors = [{ path: 'from', message: 'the same sweep as "to"' }];
    return problem(c, 'invalid', 'A sweep is compared with another one: give two, or none.', { errors });
  }
  const listed = await store.sweeps({ limit: SWEEPS_LOOKED_AT });
  if (listed instanceof StoreProblem) return storeProblem(c, listed);
  const { sweeps } = listed;
  const named: { from?: Sweep; to?: Sweep } = {};
  for (const name of ['from', 'to'] as const) {
    const id = asked[name];
    if (id === undefined) continue;
    const detail = await store.sweep(id);
    if (detail instanceof StoreProblem) return storeProblem(c, detail);
    if (detail === undefined) return noSweep(c, id);
    if (!hasEnded(detail.sweep)) return problem(c, 'not-ended', `Sweep ${id} is still "${detail.sweep.status}".`);
    named[name] = detail.sweep;
  }
  const to = named.to ?? sweeps.find((sweep) => hasEnded(sweep));
  if (to === undefined) return problem(c, 'not-found', 'No sweep is stored yet that has ended, and a diff needs two.');
  if (named.from?.id === to.id) {
    return problem(c, 'not-found', `Sweep ${to.id} is the newest one itself: name an earlier one, or two.`);
  }
  const from = named.from ?? earlierOf(to, sweeps);
  return { ...(from !== undefined && { from }), to };
}
