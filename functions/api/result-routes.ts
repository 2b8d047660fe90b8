/** What a sweep found: its hosts, worst first, one of them whole, and what they share. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { StoreProblem } from '../store/problem.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import type { Guard } from './guard.ts';
import { BadCursor, badCursor, nextCursor, pageProblem, placeIn } from './paging.ts';
import { DEFAULT_LIMIT, rankingQuery, sweepHostPath, sweepPath } from './parameters.ts';
import { problem, quoted } from './problem.ts';
import { answers, BAD_REQUEST, COMMON, INVALID, NOT_FOUND } from './responses.ts';
import { host as hostSchema, patterns as patternsSchema, ranking as rankingSchema } from './schemas.ts';
import { storeProblem } from './store-problem.ts';
import { isSweepId, noSweep } from './sweep-answer.ts';

const TAGS = ['results'];

export function addResultRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiDeps, guard: Guard): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sweeps/{id}/ranking',
      operationId: 'getRanking',
      tags: TAGS,
      summary: 'The hosts of a sweep, worst first',
      description: 'While it runs: those that are done. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { params: sweepPath, query: rankingQuery },
      responses: {
        200: answers(rankingSchema, 'A page of them'),
        ...BAD_REQUEST,
        ...NOT_FOUND,
        ...INVALID,
        ...COMMON,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { limit = DEFAULT_LIMIT, cursor, verdict } = c.req.valid('query');
      if (!isSweepId(id)) return noSweep(c, id);
      const list = ['ranking', id, verdict ?? ''];
      const place = placeIn(list, cursor);
      if (place instanceof BadCursor) return badCursor(c);
      const page = await store.ranking(id, {
        limit,
        ...(place !== undefined && { cursor: place }),
        ...(verdict !== undefined && { verdict }),
      });
      if (page instanceof StoreProblem) return pageProblem(c, page);
      const { rows, unreadable } = page;
      if (rows.length + unreadable.length === 0) {
        const sweep = await store.sweep(id);
        if (sweep instanceof StoreProblem) return storeProblem(c, sweep);
        if (sweep === undefined) return noSweep(c, id);
      }
      return c.json({ rows, unreadable, ...nextCursor(list, page.cursor) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sweeps/{id}/hosts/{host}',
      operationId: 'getHost',
      tags: TAGS,
      summary: 'The whole finding of one host',
      description: 'Every disk with its culprits and their evidence. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { params: sweepHostPath },
      responses: { 200: answers(hostSchema, 'The finding'), ...NOT_FOUND, ...COMMON },
    }),
    async (c) => {
      const { id, host } = c.req.valid('param');
      if (!isSweepId(id)) return noSweep(c, id);
      const finding = await store.finding(id, host);
      if (finding instanceof StoreProblem) return storeProblem(c, finding);
      if (finding !== undefined) return c.json(finding, 200);
      const sweep = await store.sweep(id);
      if (sweep instanceof StoreProblem) return storeProblem(c, sweep);
      if (sweep === undefined) return noSweep(c, id);
      return problem(c, 'not-found', `Sweep ${id} has no host ${quoted(host)}, or is not done with it yet.`);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sweeps/{id}/patterns',
      operationId: 'getPatterns',
      tags: TAGS,
      summary: 'Culprits that several hosts share',
      description: 'The same program doing the same thing to the same kind of file. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { params: sweepPath },
      responses: { 200: answers(patternsSchema, 'The most widely shared first'), ...NOT_FOUND, ...COMMON },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const detail = isSweepId(id) ? await store.sweep(id) : undefined;
      if (detail instanceof StoreProblem) return storeProblem(c, detail);
      if (detail === undefined) return noSweep(c, id);
      return c.json({ patterns: [...detail.patterns] }, 200);
    },
  );
}
