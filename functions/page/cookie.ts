/** The cookie of a session (RFC 6265bis): for this page alone, out of reach of scripts and of other sites. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_MS } from '../auth/session.ts';
import { isLoopbackLiteral } from '../loopback.ts';

const NAME = 'whodisk';

/** The session's secret, as somebody sent it. */
export const sessionOf = (c: Context): string | undefined => getCookie(c, nameFor(c));

export function keepSession(c: Context, secret: string): void {
  setCookie(c, nameFor(c), secret, { ...attributesFor(c), maxAge: SESSION_MS / 1000 });
}

export function dropSession(c: Context): void {
  deleteCookie(c, nameFor(c), attributesFor(c));
}

/**
 * `__Host-`: no other name of the same domain can set it, and no http page. Browsers keep the cookies of all ports of this machine together
 * (RFC 6265, section 8.5): by its port a service finds its own, and does not overwrite that of another one.
 */
function nameFor(c: Context): string {
  if (isSecure(c)) return `__Host-${NAME}`;
  const { port } = new URL(c.req.url);
  return port === '' ? NAME : `${NAME}-${port}`;
}

function attributesFor(c: Context) {
  return { path: '/', httpOnly: true, secure: isSecure(c), sameSite: 'Strict' as const };
}

/**
 * On this very machine there is no TLS and nobody on the way; elsewhere a session never goes over plain http. Whoever forges the header of
 * a proxy gets no more than a cookie that stays away from http.
 */
function isSecure(c: Context): boolean {
  if (c.req.header('x-forwarded-proto') === 'https') return true;
  const { hostname } = new URL(c.req.url);
  return !(isLoopbackLiteral(hostname) || hostname === 'localhost');
}
