/** The HTTP API: what callers over a network ask of sweeps and of the store. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { addAlertRoute } from './alert-route.ts';
import { addAuditRoute } from './audit-route.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import { addFallback } from './fallback.ts';
import { createGuard } from './guard.ts';
import { strictHeaders } from './headers.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { mistakesOf } from './mistakes.ts';
import { type OpenApiDocument, openApiDocument } from './openapi.ts';
import { problem } from './problem.ts';
import { createRates, DEFAULT_LIMITS } from './rate.ts';
import { addResultRoutes } from './result-routes.ts';
import { addServiceRoutes } from './service-routes.ts';
import { addSweepRoutes } from './sweep-routes.ts';

/**
 * Other ways in may be mounted beside it with `route`; they have its headers and its answers for what is not there, and look after their
 * callers themselves.
 */
export function createApi(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const { target, error } = result;
      if (target === 'header') {
        const errors = mistakesOf(error, 'header');
        return problem(c, 'bad-key', 'A key is 1 to 255 printable characters without blanks, best a UUID.', { errors });
      }
      const errors = mistakesOf(error, target === 'json' ? 'field' : 'parameter');
      return problem(c, 'invalid', 'Nothing was done: see errors for what to change.', { errors });
    },
  });
  app.use('*', strictHeaders);
  const guard = createGuard(deps, createRates({ ...DEFAULT_LIMITS, ...deps.limits }));
  addSweepRoutes(app, deps, guard);
  addResultRoutes(app, deps, guard);
  addHistoryRoutes(app, deps, guard);
  addAuditRoute(app, deps, guard);
  if (deps.alerts !== undefined) addAlertRoute(app, deps.alerts, guard);
  addServiceRoutes(app, deps, guard);

  let document: OpenApiDocument | undefined;
  app.get('/openapi.json', (c) => {
    document ??= openApiDocument(app, deps.version);
    return c.json(document);
  });
  addFallback(app, deps.log);
  return app;
}
