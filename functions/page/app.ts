/** The page: what the API knows, for people. Drawn on the server; every state has an address, and nothing needs a script. */
import { Hono } from 'hono';
import type { PageDeps } from './deps.ts';
import { addDiffRoute } from './diff-route.tsx';
import type { PageEnv } from './env.ts';
import { createGuard } from './guard.ts';
import { addHostRoutes } from './host-routes.tsx';
import { addSignInRoutes } from './sign-in-routes.tsx';
import { addStartRoutes } from './start-routes.tsx';
import { addStyle } from './style.ts';
import { addSweepRoutes } from './sweep-routes.tsx';

/** To be mounted at the root. It looks after its callers itself. */
export function createPage(deps: PageDeps): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  const guard = createGuard(deps);
  addStyle(app);
  addSignInRoutes(app, deps, guard);
  // Before the sweeps: "new" is the id of none.
  addStartRoutes(app, deps, guard);
  addSweepRoutes(app, deps, guard);
  addHostRoutes(app, deps, guard);
  addDiffRoute(app, deps, guard);
  return app;
}
