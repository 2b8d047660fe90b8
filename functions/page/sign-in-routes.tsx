/** Signing in with a token, and out. */
import type { Context, Hono } from 'hono';
import { StoreProblem } from '../store/problem.ts';
import { dropSession, keepSession } from './cookie.ts';
import type { PageDeps } from './deps.ts';
import { type PageEnv, rootOf } from './env.ts';
import { isFromHere, readForm } from './form.ts';
import { type Guard, signedForm } from './guard.ts';
import { hiddenTrouble, refusal, tooMany } from './problem-page.tsx';
import { page } from './respond.ts';
import { SignInPage } from './sign-in-page.tsx';

export function addSignInRoutes(app: Hono<PageEnv>, deps: PageDeps, guard: Guard): void {
  const frame = (c: Context) => ({ root: rootOf(c.req.url), nowMs: deps.nowMs() });

  app.get('/sign-in', (c) => {
    const hasEnded = c.req.query('ended') !== undefined;
    return page(c, <SignInPage frame={frame(c)} next={nextOf(c.req.query('next'))} hasEnded={hasEnded} />);
  });

  app.post('/sign-in', async (c) => {
    const config = await deps.config();
    const publicUrl = 'problem' in config ? undefined : config.publicUrl;
    // Otherwise another site could sign somebody in as somebody else, or, counted, keep them from it.
    if (!isFromHere(c.req.raw.headers, publicUrl)) {
      return refusal(c, frame(c), 403, 'This form came from another site: sign in here.');
    }
    const wait = await guard.signingIn(c);
    if (wait !== undefined) return tooMany(c, deps.nowMs(), wait);
    const form = await readForm(c.req.raw);
    if (form === undefined) return refusal(c, frame(c), 400, 'This is not the form to sign in with.');
    const next = nextOf(form.get('next') ?? undefined);
    const begun = await deps.sessions.begin(form.get('token') ?? '');
    if (begun instanceof StoreProblem) {
      deps.log.error('the store does not answer', { kind: begun.kind, why: begun.message });
      return hiddenTrouble(c, deps.nowMs());
    }
    if (begun.kind === 'bad-token') {
      const problem = `${begun.message.charAt(0).toUpperCase()}${begun.message.slice(1)}.`;
      return page(c, <SignInPage frame={frame(c)} next={next} problem={problem} />, { status: 403 });
    }
    keepSession(c, begun.secret);
    return c.redirect(rootOf(c.req.url) + next, 303);
  });

  // Opened from a terminal or a file: nothing but the code says who it is, and the code is good once.
  app.get('/sign-in/once/:code', async (c) => {
    const wait = await guard.stranger(c);
    if (wait !== undefined) return tooMany(c, deps.nowMs(), wait);
    // Who only looks whether there is something, as a preview of links does, signs in nobody.
    const token = c.req.method === 'GET' ? deps.signInLinks?.redeem(c.req.param('code')) : undefined;
    const begun = token === undefined ? undefined : await deps.sessions.begin(token);
    if (begun instanceof StoreProblem) {
      deps.log.error('the store does not answer', { kind: begun.kind, why: begun.message });
      return hiddenTrouble(c, deps.nowMs());
    }
    if (begun?.kind !== 'signed-in') {
      const problem = 'This link has been used, is too old, or is none: give the token.';
      return page(c, <SignInPage frame={frame(c)} next="" problem={problem} />, { status: 403 });
    }
    keepSession(c, begun.secret);
    return c.redirect(rootOf(c.req.url), 303);
  });

  app.post('/sign-out', guard.seen, async (c) => {
    const form = await signedForm(c, deps);
    if (form instanceof Response) return form;
    const ended = await deps.sessions.end(c.get('viewer').secret);
    dropSession(c);
    if (ended instanceof StoreProblem) {
      deps.log.error('a session could not be ended', { kind: ended.kind, why: ended.message });
      return hiddenTrouble(c, deps.nowMs());
    }
    return c.redirect(`${rootOf(c.req.url)}sign-in`, 303);
  });
}

/** Behind the root it leads to this site alone, whatever it says; but a header takes nothing that is not ASCII. */
function nextOf(asked: string | undefined): string {
  return asked !== undefined && /^[!-[\]-~]{1,2000}$/.test(asked) && !asked.startsWith('/') ? asked : '';
}
