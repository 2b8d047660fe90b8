/** Where a token is given once, and where those are led who have not given one. */
import type { Context } from 'hono';
import { type Frame, rootOf } from './env.ts';
import { Layout } from './layout.tsx';
import { page } from './respond.ts';

export interface SignInProps {
  readonly frame: Frame;
  /** Where to go then, without what leads to the root. */
  readonly next: string;
  /** Why it did not work; a sentence. */
  readonly problem?: string;
  /** There was a session, and it has ended. */
  readonly hasEnded?: boolean;
}

export function SignInPage({ frame, next, problem, hasEnded = false }: SignInProps) {
  return (
    <Layout frame={frame} title="Sign in">
      <div class="narrow">
        <h1>Sign in</h1>
        {hasEnded && problem === undefined && <p>Your session has ended.</p>}
        {problem !== undefined && (
          <p class="alert" role="alert" id="problem">
            {problem}
          </p>
        )}
        <form method="post" action={`${frame.root}sign-in`} class="stack">
          <input type="hidden" name="next" value={next} />
          <label for="token">Token</label>
          <input
            id="token"
            name="token"
            type="password"
            autocomplete="current-password"
            required
            aria-describedby={problem === undefined ? 'how' : 'problem how'}
            aria-invalid={problem === undefined ? undefined : 'true'}
          />
          <button type="submit">Sign in</button>
        </form>
        <p id="how" class="dim">
          <code>whodisk token create --scope read --name NAME</code> makes one; with the scope <code>run</code> it may
          also start sweeps. An admin’s is in the file <code>token</code> of the state folder, in AWS in a secret. You
          stay signed in for twelve hours, or until the token is revoked.
        </p>
      </div>
    </Layout>
  );
}

/** Asks for the same page once more, from here. */
export function passOn(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  const again = `${rootOf(c.req.url)}${pathname.slice(1)}${search}`;
  return page(
    c,
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content={`0; url=${again}`} />
        <title>whodisk</title>
      </head>
      <body>
        <a href={again}>Go on to whodisk</a>
      </body>
    </html>,
  );
}
