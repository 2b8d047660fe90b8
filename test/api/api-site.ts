/** The API in memory, over a real store with tokens of every scope. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { createApi } from '../../functions/api/app.ts';
import type { ApiDeps } from '../../functions/api/deps.ts';
import type { ApiEnv } from '../../functions/api/env.ts';
import { createAuthenticate } from '../../functions/auth/authenticate.ts';
import { issueToken } from '../../functions/auth/issue-token.ts';
import { SCOPES, type Scope } from '../../functions/auth/scope.ts';
import type { Store } from '../../functions/store/store.ts';
import { createSweepService } from '../../functions/sweep/create-service.ts';
import type { SweepService } from '../../functions/sweep/service.ts';
import { configIn } from '../config-in.ts';
import { logTo } from '../log-to.ts';
import { must, type StoreSite, storeSite } from '../store/embedded.ts';

export interface ApiSite {
  readonly app: OpenAPIHono<ApiEnv>;
  readonly store: Store;
  readonly service: SweepService;
  readonly tokens: Readonly<Record<Scope, string>>;
  /** What was logged: level and message. */
  readonly logged: string[];
  /** @param more `scope` of the token, default admin; null: without one. `json` becomes the body */
  ask(path: string, more?: Ask): Promise<Response>;
  end(): Promise<void>;
}

export interface Ask {
  readonly method?: string;
  readonly scope?: Scope | null;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestInit['body'];
}

const CONFIG = `hosts: { db-1: {}, db-2: {}, web-1: {} }
groups: { db: [db-1, db-2], all-of-them: ['db-[1-2]', web-1] }
`;

const NAMES: Record<Scope, string> = { read: 'dashboard', run: 'ci', admin: 'ann' };

export interface SiteOptions {
  /** Of the store, too. */
  readonly nowMs?: () => number;
}

/** @param more what the app gets instead */
export async function apiSite(more: Partial<ApiDeps> = {}, options: SiteOptions = {}): Promise<ApiSite> {
  const { nowMs = Date.now } = options;
  const site: StoreSite = storeSite();
  const store = await site.open({ nowMs });
  const logged: string[] = [];
  const log = logTo(logged);
  const tokens = {} as Record<Scope, string>;
  for (const [index, scope] of SCOPES.entries()) {
    const id = `01JDF3W5Q0${String(index).padStart(16, '0')}`;
    const issued = issueToken({ id, name: NAMES[scope], scope, nowMs: nowMs() });
    must(await store.addToken(issued.stored));
    tokens[scope] = issued.token;
  }
  writeFileSync(join(site.folder, 'whodisk.yml'), CONFIG, { mode: 0o600 });
  // Nobody works on what is queued: the API sees each sweep in the moment after its answer.
  const service = createSweepService({
    store,
    queue: { send: async () => {} },
    config: () => configIn(site.folder),
    local: { homeDirectory: site.folder, user: 'tester', env: {}, stateFolder: site.folder },
    nowMs,
    log,
    tell: async () => true,
  });
  const unlimited = 1_000_000;
  const app = createApi({
    store,
    service,
    authenticate: createAuthenticate({ store }),
    nowMs,
    log,
    version: '0.0.0-test',
    limits: { requestsPerMinute: unlimited, startsPerMinute: unlimited, strangerRequestsPerMinute: unlimited },
    ...more,
  });
  return {
    app,
    store,
    service,
    tokens,
    logged,
    ask: async (path, { method, scope = 'admin', json, headers = {}, body } = {}) =>
      app.request(path, {
        method: method ?? (json === undefined && body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(scope !== null && { authorization: `Bearer ${tokens[scope]}` }),
          ...((json !== undefined || body !== undefined) && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...(body !== undefined && { body, duplex: 'half' }),
      } as RequestInit),
    end: () => site.end(),
  };
}
