/** The one style sheet, under an address that changes with it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { PageEnv } from './env.ts';

const STYLE = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
export const STYLE_PATH = `page-${createHash('sha256').update(STYLE).digest('hex').slice(0, 16)}.css`;

/** For everybody: the page to sign in with has it too. */
export function addStyle(app: Hono<PageEnv>): void {
  app.get(`/${STYLE_PATH}`, (c) =>
    c.body(STYLE, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  );
}
