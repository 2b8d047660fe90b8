/** The page in memory, over a real store with tokens of every scope. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { issueToken } from '../../functions/auth/issue-token.ts';
import { SCOPES, type Scope } from '../../functions/auth/scope.ts';
import { createSessions } from '../../functions/auth/session.ts';
import { createSignInLinks } from '../../functions/auth/sign-in-links.ts';
import { createPage } from '../../functions/page/app.ts';
import type { PageDeps } from '../../functions/page/deps.ts';
import type { PageEnv } from '../../functions/page/env.ts';
import { countStandings } from '../../functions/render/standing.ts';
import type { Store } from '../../functions/store/store.ts';
import { createSweepService } from '../../functions/sweep/create-service.ts';
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { configIn } from '../config-in.ts';
import { reportOf } from '../findings.ts';
import { logTo } from '../log-to.ts';
import { must, nextSweepId, storeSite } from '../store/embedded.ts';

export interface PageSite {
  readonly app: Hono<PageEnv>;
  readonly store: Store;
  readonly tokens: Readonly<Record<Scope, string>>;
  /** A code for a link that signs in with the admin's token. */
  signInCode(): string;
  /** Somebody's browser, signed in with a token of the scope. */
  signIn(scope?: Scope): Promise<Browser>;
  /** Of nobody, or as somebody made it. */
  ask(path: string, more?: Ask): Promise<Response>;
  /** Stores a sweep of these hosts that has ended. */
  swept(hosts: readonly VisitedHost[], more?: Partial<Sweep>): Promise<Sweep>;
  /** Epoch milliseconds that it is from now on. */
  setNow(ms: number): void;
  end(): Promise<void>;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

export interface Browser {
  readonly cookie: string;
  get(path: string): Promise<Response>;
  /** The text of the page, which has to be there. */
  text(path: string): Promise<string>;
  /** Sends a form as a page of ours does, with what `page` put into it. */
  send(path: string, form: Readonly<Record<string, string>>, page?: string): Promise<Response>;
}

export const ORIGIN = 'http://127.0.0.1:8470';
/** What a browser says of a form of ours. */
export const FROM_HERE = { 'sec-fetch-site': 'same-origin', origin: ORIGIN };

const CONFIG = `publicUrl: https://whodisk.example.com
hosts: { db-1: {}, db-2: {}, web-1: {} }
groups: { db: [db-1, db-2] }
`;
const NAMES: Record<Scope, string> = { read: 'dashboard', run: 'ci', admin: 'ann' };

/** @param more what the page gets besides */
export async function pageSite(more: Pick<PageDeps, 'addressOf'> = {}): Promise<PageSite> {
  const site = storeSite();
  let now: number | undefined;
  const nowMs = (): number => now ?? Date.now();
  const store = await site.open({ nowMs });
  const log = logTo([]);
  const tokens = {} as Record<Scope, string>;
  for (const [index, scope] of SCOPES.entries()) {
    const id = `01JDF3W5Q0${String(index).padStart(16, '0')}`;
    const issued = issueToken({ id, name: NAMES[scope], scope, nowMs: nowMs() });
    must(await store.addToken(issued.stored));
    tokens[scope] = issued.token;
  }
  writeFileSync(join(site.folder, 'whodisk.yml'), CONFIG, { mode: 0o600 });
  const config = () => configIn(site.folder);
  // Nobody works on what is queued: the page sees each sweep in the moment after it was started.
  const service = createSweepService({
    store,
    queue: { send: async () => {} },
    config,
    local: { homeDirectory: site.folder, user: 'tester', env: {}, stateFolder: site.folder },
    nowMs,
    log,
    tell: async () => true,
  });
  const sessions = createSessions({ store, nowMs });
  const signInLinks = createSignInLinks(tokens.admin, nowMs);
  const app = createPage({ store, service, sessions, signInLinks, config, nowMs, log, ...more });

  const ask: PageSite['ask'] = async (path, { method, headers = {}, form } = {}) =>
    app.request(`${ORIGIN}${path}`, {
      method: method ?? (form === undefined ? 'GET' : 'POST'),
      headers: { ...headers, ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
    });

  return {
    app,
    store,
    tokens,
    signInCode: signInLinks.issue,
    ask,
    async signIn(scope = 'read') {
      const signedIn = await ask('/sign-in', { form: { token: tokens[scope] }, headers: FROM_HERE });
      const cookie = /^[^;]+/.exec(signedIn.headers.get('set-cookie') ?? '')?.[0] ?? '';
      const get = (path: string): Promise<Response> => ask(path, { headers: { cookie } });
      const text = async (path: string): Promise<string> => {
        const answer = await get(path);
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return await answer.text();
      };
      return {
        cookie,
        get,
        text,
        async send(path, form, page = '/sweeps') {
          const html = await text(page);
          const token = /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
          return await ask(path, { form: { form: token, ...form }, headers: { ...FROM_HERE, cookie } });
        },
      };
    },
    async swept(hosts, more = {}) {
      const { sweep, ...report } = reportOf(hosts, { id: nextSweepId(), asked: ['@db'], ...more });
      const counted = { ...sweep, counts: countStandings(report.hosts) };
      must(await store.finishSweep({ ...report, sweep: counted }));
      return counted;
    },
    setNow: (ms) => {
      now = ms;
    },
    end: () => site.end(),
  };
}
