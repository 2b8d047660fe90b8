/** Who may have an operation: a good token, not too often, of the scope that it needs. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Asker } from '../audit-record.ts';
import type { TokenHolder } from '../auth/authenticate.ts';
import { holdsScope, type Scope } from '../auth/scope.ts';
import { StoreProblem } from '../store/problem.ts';
import { ulid } from '../ulid.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './env.ts';
import { problem } from './problem.ts';
import type { Rates } from './rate.ts';
import { HIDDEN_PROBLEM, storeProblem } from './store-problem.ts';

/** @param takes what else an operation counts as: sweeps cost the hosts, not only this machine */
export type Guard = (scope: Scope, takes?: 'start') => MiddlewareHandler<ApiEnv>;

export function createGuard(deps: ApiDeps, rates: Rates): Guard {
  return (scope, takes) => async (c, next) => {
    const found = await deps.authenticate(c.req.header('authorization'));
    if (found instanceof StoreProblem || found.kind !== 'known') {
      const wait = await rates.stranger(deps.addressOf?.(c.env) ?? 'unknown');
      if (wait !== undefined) return tooMany(c, wait, 'requests without a good token');
      if (found instanceof StoreProblem) return notKnown(deps, c, found);
      return found.kind === 'no-token' ? noToken(c) : badToken(c, found.message);
    }
    const { holder } = found;
    const wait = await rates.request(holder.id);
    if (wait !== undefined) return tooMany(c, wait, 'requests with this token');
    if (!holdsScope(holder.scope, scope)) {
      await noteRefusal(deps, c, holder, scope);
      return wrongScope(c, holder, scope);
    }
    const startWait = takes === undefined ? undefined : await rates.start(holder.id);
    if (startWait !== undefined) return tooMany(c, startWait, 'sweeps started with this token');
    c.set('holder', holder);
    return next();
  };
}

export const askerOf = ({ id, name }: TokenHolder): Asker => ({ kind: 'api', token: name, id });

/** The challenges of RFC 6750, section 3: without a token it tells no error. */
const CHALLENGE = 'Bearer realm="whodisk"';

function noToken(c: Context) {
  const detail = 'Send the header "Authorization: Bearer TOKEN". whodisk token create makes a token.';
  return problem(c, 'no-token', detail, { headers: { 'www-authenticate': CHALLENGE } });
}

function badToken(c: Context, message: string) {
  const challenge = `${CHALLENGE}, error="invalid_token"`;
  return problem(c, 'bad-token', `${upper(message)}.`, { headers: { 'www-authenticate': challenge } });
}

/** Whose token it is cannot be told: it may be nobody's, for whom it is nothing where the store is. */
function notKnown({ log }: ApiDeps, c: Context, { kind, message }: StoreProblem) {
  log.error('the store does not answer', { kind, why: message });
  return storeProblem(c, HIDDEN_PROBLEM);
}

function wrongScope(c: Context, { name, scope }: TokenHolder, needed: Scope) {
  const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${needed}"`;
  const detail = `The token "${name}" has the scope ${scope}, and this needs ${needed}: whodisk token create --scope ${needed}`;
  return problem(c, 'wrong-scope', detail, { headers: { 'www-authenticate': challenge } });
}

function tooMany(c: Context, seconds: number, what: string) {
  const detail = `Too many ${what} in this minute: go on in ${seconds} s.`;
  return problem(c, 'too-many', detail, { headers: { 'retry-after': String(seconds) } });
}

async function noteRefusal(deps: ApiDeps, c: Context, holder: TokenHolder, needed: Scope): Promise<void> {
  const nowMs = deps.nowMs();
  const noted = await deps.store.addAudit({
    event: 'refused',
    at: new Date(nowMs).toISOString(),
    id: ulid(nowMs),
    by: askerOf(holder),
    what: `${c.req.method} ${c.req.path}`.slice(0, MOST_CHARACTERS),
    why: `scope ${holder.scope}, needs ${needed}`,
  });
  // It is refused all the same.
  if (noted instanceof StoreProblem) deps.log.error('a refusal could not be recorded', { why: noted.message });
}

const MOST_CHARACTERS = 300;
const upper = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
