/** What cannot be shown or done: what it was, and where to go on. */
import type { Context } from 'hono';
import type { StoreProblem } from '../store/problem.ts';
import { type Frame, rootOf } from './env.ts';
import { Layout } from './layout.tsx';
import { page } from './respond.ts';

/** Both texts encoded. */
function ProblemPage({ frame, title, text }: { readonly frame: Frame; readonly title: string; readonly text: string }) {
  return (
    <Layout frame={frame} title={title}>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a href={frame.root}>The newest sweep</a> or <a href={`${frame.root}sweeps`}>all sweeps</a>
      </p>
    </Layout>
  );
}

export function notFound(c: Context, frame: Frame, text: string): Response {
  return page(c, <ProblemPage frame={frame} title="Not here" text={text} />, { status: 404 });
}

export function refusal(c: Context, frame: Frame, status: 400 | 403 | 409 | 413 | 422, text: string): Response {
  return page(c, <ProblemPage frame={frame} title="Not done" text={text} />, { status });
}

/** To whom is signed in the store's own words are of use. */
export function storeTrouble(c: Context, frame: Frame, { message, mend }: StoreProblem): Response {
  const text = `The store: ${message}. To mend it: ${mend}.`;
  const options = { status: 503, headers: { 'retry-after': '5' } } as const;
  return page(c, <ProblemPage frame={frame} title="The store does not answer" text={text} />, options);
}

/** Whose session it is cannot be told, so nothing else is. */
export function hiddenTrouble(c: Context, nowMs: number): Response {
  const frame = { root: rootOf(c.req.url), nowMs };
  const text = 'Try again in a moment. The log of whodisk says more.';
  return page(c, <ProblemPage frame={frame} title="The store does not answer" text={text} />, { status: 503 });
}

export function tooMany(c: Context, nowMs: number, seconds: number): Response {
  const frame = { root: rootOf(c.req.url), nowMs };
  const text = `Too many requests in this minute: go on in ${seconds} s.`;
  const options = { status: 429, headers: { 'retry-after': String(seconds) } } as const;
  return page(c, <ProblemPage frame={frame} title="Too fast" text={text} />, options);
}
