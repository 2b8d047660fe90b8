/** Alertmanager's webhook (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config): a firing alert asks for a sweep. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { StoreProblem } from '../store/problem.ts';
import { cappedBody, plainBody } from './body.ts';
import type { AlertHook } from './deps.ts';
import type { ApiEnv } from './env.ts';
import type { Guard } from './guard.ts';
import { problem } from './problem.ts';
import { answers, BODY, COMMON } from './responses.ts';
import { alertBody, alertsTaken } from './schemas.ts';
import { storeProblem } from './store-problem.ts';

export function addAlertRoute(app: OpenAPIHono<ApiEnv>, take: AlertHook, guard: Guard): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/hooks/alertmanager',
      operationId: 'takeAlerts',
      tags: ['alerts'],
      summary: 'Sweep the hosts that alerts name',
      description:
        'For a webhook_config of Alertmanager (version 4 of its webhook). Each firing alert names a host by a label; unknown ones are listed in the answer. Scope run.',
      security: [{ token: [] }],
      // Not counted as starts: Alertmanager gives up at a 429, and a host has its own limit (alerts.quietMinutes).
      middleware: [guard('run'), plainBody, cappedBody] as const,
      request: { body: { required: true, content: { 'application/json': { schema: alertBody } } } },
      responses: {
        200: answers(alertsTaken, 'Taken; there was nothing to sweep'),
        202: answers(alertsTaken, 'Taken; hosts are being swept'),
        ...BODY,
        ...COMMON,
      },
    }),
    async (c) => {
      const taken = await take(c.req.valid('json'), c.get('holder'));
      if (taken instanceof StoreProblem) return storeProblem(c, taken);
      switch (taken.kind) {
        case 'taken':
          return c.json({ ...taken.body }, taken.status);
        case 'malformed':
          return problem(c, 'invalid', "This is not version 4 of Alertmanager's webhook.", { errors: taken.errors });
        case 'stopped':
          return problem(c, 'stopped', taken.message, { headers: { 'retry-after': '60' } });
        default:
          return taken satisfies never;
      }
    },
  );
}
