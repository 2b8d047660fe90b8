/** A page as an answer, with what browsers are told about it. */
import type { Context } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import { LIVE_SCRIPT_HASH } from './live-script.ts';

type Status = 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

/** Nothing is loaded, sent or framed but what is ours; `live` pages carry the one script, known by its hash. */
function policy(live: boolean): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(live ? [`script-src '${LIVE_SCRIPT_HASH}'`, "connect-src 'self'"] : []),
  ].join('; ');
}

export function page(
  c: Context,
  element: Drawn,
  { status = 200, live = false, headers = {} }: PageOptions = {},
): Response {
  return c.html(`<!doctype html>${String(element)}`, status, {
    'content-security-policy': policy(live),
    // "no-referrer" would make browsers send no Origin with our own forms.
    'referrer-policy': 'same-origin',
    ...headers,
  });
}

/** What hono/jsx makes of our components, of which none is asynchronous. */
type Drawn = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface PageOptions {
  readonly status?: Status;
  /** Default false. */
  readonly live?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}
