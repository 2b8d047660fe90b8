/** What no operation answers: unknown addresses, other methods than an address has, and our own faults. */
import type { Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Log } from '../log.ts';
import type { ApiEnv } from './env.ts';
import { problem } from './problem.ts';

type App = Pick<Hono<ApiEnv>, 'routes' | 'notFound' | 'onError'>;

/** OPTIONS tells the methods of an address (RFC 9110, section 9.3.7), and nothing to pages of other sites: there are no CORS headers. */
export function addFallback(app: App, log: Log): void {
  app.notFound((c) => {
    const methods = methodsAt(app, c.req.path);
    if (methods.length === 0) {
      return problem(c, 'not-found', 'There is nothing at this address: GET /openapi.json lists what there is.');
    }
    const allow = methods.join(', ');
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow });
    return problem(c, 'no-such-method', `This address takes ${allow}.`, { headers: { allow } });
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return unreadable(c, error);
    log.error('a request failed by a fault of whodisk', {
      method: c.req.method,
      path: c.req.path.slice(0, MOST_CHARACTERS),
      error: String(error instanceof Error ? (error.stack ?? error.message) : error).slice(0, MOST_STACK_CHARACTERS),
    });
    return problem(c, 'failed', 'What happened is in the log of the service. Please report it.');
  });
}

const MOST_CHARACTERS = 300;
const MOST_STACK_CHARACTERS = 4000;

/** Hono's own refusals: a body that cannot be parsed, or of another type. */
function unreadable(c: Context, { status }: HTTPException) {
  if (status === 415) return problem(c, 'not-json', 'Send JSON with the header "Content-Type: application/json".');
  return problem(c, 'bad-json', 'The body cannot be parsed as JSON.');
}

function methodsAt({ routes }: App, path: string): string[] {
  const methods = new Set(
    routes.filter(({ method, path: pattern }) => method !== 'ALL' && isAt(pattern, path)).map(({ method }) => method),
  );
  if (methods.size === 0) return [];
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].sort();
}

function isAt(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return false;
  return wanted.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]));
}
