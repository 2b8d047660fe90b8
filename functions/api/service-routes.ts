/** The service itself: whether it lives, and its figures. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Sweep } from '../../runner/report.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { StoreProblem } from '../store/problem.ts';
import { hasEnded, SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import { EXPOSITION_TYPE, exposition } from './exposition.ts';
import type { Guard } from './guard.ts';
import { metricsOf } from './metrics.ts';
import { answers, COMMON, failsWith } from './responses.ts';
import { health } from './schemas.ts';
import { HIDDEN_PROBLEM, storeProblem } from './store-problem.ts';

const TAGS = ['service'];
/** Of no token: SHA-256 has no text that is known to give it. */
const NO_HASH = '0'.repeat(64);

export function addServiceRoutes(app: OpenAPIHono<ApiEnv>, deps: ApiDeps, guard: Guard): void {
  const { store, version } = deps;
  const isAlive = livingStore(deps);
  app.openapi(
    createRoute({
      method: 'get',
      path: '/healthz',
      operationId: 'getHealth',
      tags: TAGS,
      summary: 'Whether the service lives',
      description: 'That it answers, and that its store does. Needs no token.',
      responses: {
        200: answers(health, 'It does'),
        503: failsWith('The store does not answer', { 'Retry-After': 'Seconds' }),
      },
    }),
    async (c) => {
      const problem = await isAlive();
      if (problem !== undefined) return storeProblem(c, HIDDEN_PROBLEM);
      return c.json({ status: 'ok' as const }, 200);
    },
  );

  /** A sweep that has ended does not change any more. */
  let last: { readonly id: string; readonly rows: readonly RankingRow[] } | undefined;
  const rowsOf = async ({ id, finishedAt }: Sweep): Promise<readonly RankingRow[] | StoreProblem> => {
    if (last?.id === id) return last.rows;
    const read = await store.allRows(id);
    if (read instanceof StoreProblem) return read;
    // One that nobody has ended in time only reads as ended: its lost hosts have no rows yet.
    if (finishedAt !== undefined) last = { id, rows: read.rows };
    return read.rows;
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/metrics',
      operationId: 'getMetrics',
      tags: TAGS,
      summary: 'Figures for Prometheus',
      description:
        'Text format 0.0.4: sweeps by trigger and status; of the newest one that has ended its duration, its hosts by where they stand, its failures by phase and kind, and the score of its worst 500 hosts. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      responses: {
        200: { description: 'The figures', content: { 'text/plain': { schema: z.string() } } },
        ...COMMON,
      },
    }),
    async (c) => {
      const read = await store.sweeps({ limit: SWEEPS_LOOKED_AT });
      if (read instanceof StoreProblem) return storeProblem(c, read);
      const { sweeps } = read;
      const sweep = sweeps.find((one) => hasEnded(one));
      const rows = sweep === undefined ? [] : await rowsOf(sweep);
      if (rows instanceof StoreProblem) return storeProblem(c, rows);
      const metrics = metricsOf({ sweeps, version, ...(sweep !== undefined && { newest: { sweep, rows } }) });
      return c.text(exposition(metrics), 200, { 'content-type': EXPOSITION_TYPE });
    },
  );
}

const ASKED_EVERY_MS = 1000;

/** Asks the store once in a second at most, however often somebody without a token asks us. */
function livingStore({ store, nowMs, log }: ApiDeps): () => Promise<StoreProblem | undefined> {
  let asked: { readonly atMs: number; readonly answer: Promise<StoreProblem | undefined> } | undefined;
  return () => {
    if (asked !== undefined && nowMs() - asked.atMs < ASKED_EVERY_MS) return asked.answer;
    const answer = store.tokenOf(NO_HASH).then((found) => {
      if (!(found instanceof StoreProblem)) return undefined;
      log.error('the store does not answer', { kind: found.kind, why: found.message });
      return found;
    });
    asked = { atMs: nowMs(), answer };
    return answer;
  };
}
