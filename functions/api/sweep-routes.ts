/** Sweeps: started, listed, looked at, cancelled. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import type { Started } from '../sweep/service.ts';
import { cappedBody, plainBody } from './body.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import { askerOf, type Guard } from './guard.ts';
import { BadCursor, badCursor, nextCursor, pageProblem, placeIn } from './paging.ts';
import { DEFAULT_LIMIT, idempotency, pageQuery, sweepPath } from './parameters.ts';
import { problem } from './problem.ts';
import { answers, BAD_REQUEST, BODY, COMMON, failsWith, INVALID, NOT_FOUND } from './responses.ts';
import { type SweepState, sweepList, sweepRequest, sweepState } from './schemas.ts';
import { storeProblem } from './store-problem.ts';
import { isSweepId, noSweep, retryAfter } from './sweep-answer.ts';

const TAGS = ['sweeps'];
const RETRY_AFTER = { 'Retry-After': 'Seconds after which it is worth asking again; absent once it has ended' };
const LIST = ['sweeps'];

export function addSweepRoutes(app: OpenAPIHono<ApiEnv>, { store, service }: ApiDeps, guard: Guard): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/sweeps',
      operationId: 'startSweep',
      tags: TAGS,
      summary: 'Start a sweep',
      description:
        'Hosts are those of the inventory in whodisk.yml. The sweep goes on in the background: ask for it at Location until it has ended. Scope run.',
      security: [{ token: [] }],
      middleware: [guard('run', 'start'), plainBody, cappedBody] as const,
      request: {
        headers: idempotency,
        body: { required: true, content: { 'application/json': { schema: sweepRequest } } },
      },
      responses: {
        202: answers(sweepState, 'It is queued, or was by an earlier request with this key', {
          Location: 'Where the sweep is',
          ...RETRY_AFTER,
        }),
        ...BODY,
        ...COMMON,
      },
    }),
    async (c) => {
      const holder = c.get('holder');
      const { targets, windowSeconds, args } = c.req.valid('json');
      const key = c.req.valid('header')['idempotency-key'];
      const started = await service.start({
        targets,
        ...(windowSeconds !== undefined && { windowSeconds }),
        ...(args !== undefined && { args }),
        trigger: 'api',
        by: askerOf(holder),
        tell: [],
        ...(key !== undefined && { idempotencyKey: `${holder.id}#${key}` }),
      });
      if (started.kind !== 'started' && started.kind !== 'known') return notStarted(c, started);
      const { sweep } = started;
      return c.json(sweep as SweepState, 202, { location: `/v1/sweeps/${sweep.id}`, ...retryAfter(sweep) });
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sweeps',
      operationId: 'listSweeps',
      tags: TAGS,
      summary: 'List sweeps',
      description: 'Newest first, however they were started. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { query: pageQuery },
      responses: { 200: answers(sweepList, 'A page of them'), ...BAD_REQUEST, ...INVALID, ...COMMON },
    }),
    async (c) => {
      const { limit = DEFAULT_LIMIT, cursor } = c.req.valid('query');
      const before = placeIn(LIST, cursor);
      if (before instanceof BadCursor) return badCursor(c);
      const page = await store.sweeps({ limit, ...(before !== undefined && { before }) });
      if (page instanceof StoreProblem) return pageProblem(c, page);
      const { sweeps, unreadable } = page;
      return c.json({ sweeps, unreadable, ...nextCursor(LIST, page.before) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sweeps/{id}',
      operationId: 'getSweep',
      tags: TAGS,
      summary: 'Look at a sweep',
      description: 'How far it is, and once it has ended how many hosts stand where. Scope read.',
      security: [{ token: [] }],
      middleware: [guard('read')] as const,
      request: { params: sweepPath },
      responses: { 200: answers(sweepState, 'The sweep', RETRY_AFTER), ...NOT_FOUND, ...COMMON },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const state = await stateOf(store, id);
      if (state instanceof StoreProblem) return storeProblem(c, state);
      if (state === undefined) return noSweep(c, id);
      return c.json(state, 200, retryAfter(state));
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/sweeps/{id}',
      operationId: 'cancelSweep',
      tags: TAGS,
      summary: 'Cancel a sweep',
      description:
        'Hosts under way are given up; it ends as "cancelled" a moment later, with what is known. Scope run.',
      security: [{ token: [] }],
      middleware: [guard('run')] as const,
      request: { params: sweepPath },
      responses: {
        202: answers(sweepState, 'It is being cancelled', RETRY_AFTER),
        409: failsWith('It has ended already'),
        ...NOT_FOUND,
        ...COMMON,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const cancelled = isSweepId(id) ? await service.cancel(id, askerOf(c.get('holder'))) : 'not-found';
      if (cancelled instanceof StoreProblem) return storeProblem(c, cancelled);
      if (cancelled === 'not-found') return notOurs(c, store, id);
      if (cancelled === 'ended') return problem(c, 'ended', `Sweep ${id} has ended: its results stay as they are.`);
      const state = await stateOf(store, id);
      if (state instanceof StoreProblem) return storeProblem(c, state);
      if (state === undefined) return noSweep(c, id);
      return c.json(state, 202, retryAfter(state));
    },
  );
}

async function stateOf(store: Store, id: string): Promise<SweepState | undefined | StoreProblem> {
  if (!isSweepId(id)) return undefined;
  const detail = await store.sweep(id);
  if (detail === undefined || detail instanceof StoreProblem) return detail;
  const { sweep } = detail;
  if (hasEnded(sweep)) return sweep;
  const job = await store.job(id);
  if (job instanceof StoreProblem) return job;
  // A sweep of the command line has no job.
  if (job === undefined) return sweep;
  const shards = [...job.progress.values()];
  return {
    ...sweep,
    progress: {
      done: shards.reduce((sum, { done }) => sum + done, 0),
      notSwept: shards.reduce((sum, { notSwept }) => sum + notSwept, 0),
    },
  };
}

/** One of the command line is listed here, and ended there. */
async function notOurs(c: Context, store: Store, id: string) {
  const detail = isSweepId(id) ? await store.sweep(id) : undefined;
  if (detail instanceof StoreProblem) return storeProblem(c, detail);
  if (detail === undefined) return noSweep(c, id);
  const why = `Sweep ${id} is not one of the service: whoever runs it on the command line ends it there.`;
  return problem(c, 'not-found', why);
}

function notStarted(c: Context, refused: Exclude<Started, { kind: 'started' | 'known' }>) {
  switch (refused.kind) {
    case 'key-reused':
      return problem(c, 'key-reused', 'Ask with another Idempotency-Key, or with the body of the first time.');
    case 'bad-targets': {
      const errors = refused.problems.map(({ index, message }) => ({ path: `targets/${index}`, message }));
      return problem(c, 'invalid', 'Not all targets are hosts or groups of the inventory; nothing was started.', {
        errors,
      });
    }
    case 'forbidden':
      return problem(c, 'invalid', `These may not be swept from here: ${refused.hosts.join(', ')}`);
    case 'stopped':
      return problem(c, 'stopped', refused.message, { headers: { 'retry-after': String(STOPPED_SECONDS) } });
    case 'store-failed':
      return storeProblem(c, refused.problem);
    default:
      return refused satisfies never;
  }
}

const STOPPED_SECONDS = 60;
