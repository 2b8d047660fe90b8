/** Who may see a page: somebody who is signed in, not too often. Who may press a button: of the scope that it needs, on a page of ours. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Asker } from '../audit-record.ts';
import type { TokenHolder } from '../auth/authenticate.ts';
import { holdsScope, type Scope } from '../auth/scope.ts';
import { StoreProblem } from '../store/problem.ts';
import { taker } from '../taker.ts';
import { ulid } from '../ulid.ts';
import { sessionOf } from './cookie.ts';
import type { PageDeps } from './deps.ts';
import { type Frame, type PageEnv, rootOf } from './env.ts';
import { isFromHere, isOurForm, readForm } from './form.ts';
import { query } from './paths.ts';
import { hiddenTrouble, refusal, tooMany } from './problem-page.tsx';
import { passOn } from './sign-in-page.tsx';

export type Page = MiddlewareHandler<PageEnv>;

export interface Guard {
  /** For whoever is signed in; others are led to where they can be. */
  readonly seen: Page;
  /** @returns how long somebody who is not signed in has to wait, in seconds */
  stranger(c: Context): Promise<number | undefined>;
  /** The same, of those who give a token: any other site can use up the one above, with pictures that are no pictures. */
  signingIn(c: Context): Promise<number | undefined>;
}

/** As the API has it (functions/api/rate.ts). */
const REQUESTS_PER_MINUTE = 600;
const STRANGER_REQUESTS_PER_MINUTE = 120;

export function createGuard(deps: PageDeps): Guard {
  const requests = taker(REQUESTS_PER_MINUTE);
  const strangers = taker(STRANGER_REQUESTS_PER_MINUTE);
  const tokens = taker(STRANGER_REQUESTS_PER_MINUTE);
  const addressOf = (c: Context): string => deps.addressOf?.(c.env) ?? 'unknown';
  const stranger: Guard['stranger'] = (c) => strangers(addressOf(c));
  return {
    stranger,
    signingIn: (c) => tokens(addressOf(c)),
    seen: async (c, next) => {
      const secret = sessionOf(c);
      const holder = secret === undefined ? undefined : await deps.sessions.holder(secret);
      if (secret === undefined || holder === undefined || holder instanceof StoreProblem) {
        const wait = await stranger(c);
        if (wait !== undefined) return tooMany(c, deps.nowMs(), wait);
        if (holder instanceof StoreProblem) {
          deps.log.error('the store does not answer', { kind: holder.kind, why: holder.message });
          return hiddenTrouble(c, deps.nowMs());
        }
        return toSignIn(c, secret !== undefined);
      }
      const wait = await requests(holder.id);
      if (wait !== undefined) return tooMany(c, deps.nowMs(), wait);
      c.set('viewer', { holder, secret });
      return next();
    },
  };
}

export const frameOf = (c: Context<PageEnv>, { nowMs }: Pick<PageDeps, 'nowMs'>): Frame => ({
  root: rootOf(c.req.url),
  viewer: c.get('viewer'),
  nowMs: nowMs(),
});

export const askerOf = ({ id, name }: TokenHolder): Asker => ({ kind: 'api', token: name, id });

/**
 * A link on another site, such as in a chat, comes without our cookie, which is Strict: the page is asked for once more, by ourselves, and
 * then has it.
 */
function toSignIn(c: Context, isStale: boolean): Response {
  if (c.req.header('sec-fetch-site') === 'cross-site' && c.req.method === 'GET') return passOn(c);
  const { pathname, search } = new URL(c.req.url);
  const next = `${pathname.slice(1)}${search}`;
  const to = query({ next: next === '' ? undefined : next, ended: isStale ? 'yes' : undefined });
  return c.redirect(`${rootOf(c.req.url)}sign-in${to}`, 303);
}

/** The form of somebody who may press its button, or what they are told instead. A refusal is in the audit. */
export async function runForm(c: Context<PageEnv>, deps: PageDeps): Promise<URLSearchParams | Response> {
  const frame = frameOf(c, deps);
  const form = await signedForm(c, deps);
  if (form instanceof Response) return form;
  const { holder } = c.get('viewer');
  if (holdsScope(holder.scope, 'run')) return form;
  const atMs = deps.nowMs();
  const noted = await deps.store.addAudit({
    event: 'refused',
    at: new Date(atMs).toISOString(),
    id: ulid(atMs),
    by: askerOf(holder),
    what: `${c.req.method} ${c.req.path}`.slice(0, MOST_CHARACTERS),
    why: `scope ${holder.scope}, needs run`,
  });
  // It is refused all the same.
  if (noted instanceof StoreProblem) deps.log.error('a refusal could not be recorded', { why: noted.message });
  return refusal(c, frame, 403, wrongScope(holder.scope));
}

export const wrongScope = (scope: Scope): string => `Your token has the scope ${scope}, and this needs run.`;

/** A form that this session was given, whatever its scope. */
export async function signedForm(c: Context<PageEnv>, deps: PageDeps): Promise<URLSearchParams | Response> {
  const form = await readForm(c.req.raw);
  const config = await deps.config();
  const publicUrl = 'problem' in config ? undefined : config.publicUrl;
  if (form !== undefined && isFromHere(c.req.raw.headers, publicUrl) && isOurForm(form, c.get('viewer').secret)) {
    return form;
  }
  return refusal(
    c,
    frameOf(c, deps),
    403,
    'This form is not of this session: go back, load the page again, and press once more.',
  );
}

const MOST_CHARACTERS = 300;
