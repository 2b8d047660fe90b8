/** What is around every page: where one is, where one can go, who one is. */
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { holdsScope } from '../auth/scope.ts';
import { encodeText } from '../render/encode.ts';
import type { Frame } from './env.ts';
import { formToken } from './form.ts';
import { LIVE_SCRIPT } from './live-script.ts';
import { STYLE_PATH } from './style.ts';

export interface LayoutProps {
  readonly frame: Frame;
  /** Of the window, without "whodisk". Encoded. */
  readonly title: string;
  readonly here?: 'newest' | 'sweeps' | 'diff' | 'new' | undefined;
  /** The page shows something that goes on: it renews itself. Without a script so many seconds later. */
  readonly renewSeconds?: number | undefined;
  readonly children?: Child;
}

export function Layout({ frame, title, here, renewSeconds, children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title} · whodisk</title>
        <link rel="icon" href={ICON} />
        <link rel="stylesheet" href={frame.root + STYLE_PATH} />
        {renewSeconds !== undefined && (
          <noscript>
            <meta http-equiv="refresh" content={String(renewSeconds)} />
          </noscript>
        )}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Top frame={frame} here={here} />
        <main id="main" tabindex={-1}>
          {children}
        </main>
        {renewSeconds !== undefined && <script>{raw(LIVE_SCRIPT)}</script>}
      </body>
    </html>
  );
}

function Top({ frame, here }: Pick<LayoutProps, 'frame' | 'here'>) {
  const { root, viewer } = frame;
  const link = (to: string, name: LayoutProps['here'], text: string) => (
    <a href={root + to} aria-current={here === name ? 'page' : undefined}>
      {text}
    </a>
  );
  return (
    <header class="top">
      <a class="mark" href={root}>
        whodisk
      </a>
      {viewer !== undefined && (
        <>
          <nav aria-label="Pages">
            {link('', 'newest', 'Newest')}
            {link('sweeps', 'sweeps', 'Sweeps')}
            {link('diff', 'diff', 'Changes')}
            {holdsScope(viewer.holder.scope, 'run') && link('sweeps/new', 'new', 'Start a sweep')}
          </nav>
          <form class="who" method="post" action={`${root}sign-out`}>
            <span>
              <span class="dim">token</span> {encodeText(viewer.holder.name)}{' '}
              <span class="dim">({viewer.holder.scope})</span>
            </span>
            <FormToken frame={frame} />
            <button class="plain" type="submit">
              Sign out
            </button>
          </form>
        </>
      )}
    </header>
  );
}

/** Every form has it that does something for whoever is signed in. */
export function FormToken({ frame: { viewer } }: { readonly frame: Frame }) {
  return viewer === undefined ? null : <input type="hidden" name="form" value={formToken(viewer.secret)} />;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%23b3261e'/%3E%3Cpath d='M3 13V9h2v4zm4 0V6h2v7zm4 0V3h2v10z' fill='%23fff'/%3E%3C/svg%3E";
