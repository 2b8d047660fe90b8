/** Who asked for what, and how it ended. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { StoreProblem } from '../store/problem.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import type { Guard } from './guard.ts';
import { BadCursor, badCursor, nextCursor, pageProblem, placeIn } from './paging.ts';
import { DEFAULT_LIMIT, pageQuery } from './parameters.ts';
import { answers, BAD_REQUEST, COMMON, INVALID } from './responses.ts';
import { audit as auditSchema } from './schemas.ts';

const LIST = ['audit'];

export function addAuditRoute(app: OpenAPIHono<ApiEnv>, { store }: ApiDeps, guard: Guard): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/audit',
      operationId: 'getAudit',
      tags: ['audit'],
      summary: 'The record of who asked for what',
      description: 'Sweeps with how they ended, refusals, tokens made and revoked; newest first. Scope admin.',
      security: [{ token: [] }],
      middleware: [guard('admin')] as const,
      request: { query: pageQuery },
      responses: { 200: answers(auditSchema, 'A page of it'), ...BAD_REQUEST, ...INVALID, ...COMMON },
    }),
    async (c) => {
      const { limit = DEFAULT_LIMIT, cursor } = c.req.valid('query');
      const before = placeIn(LIST, cursor);
      if (before instanceof BadCursor) return badCursor(c);
      const page = await store.audit({ limit, ...(before !== undefined && { before }) });
      if (page instanceof StoreProblem) return pageProblem(c, page);
      const { records, unreadable } = page;
      return c.json({ records, unreadable, ...nextCursor(LIST, page.before) }, 200);
    },
  );
}
