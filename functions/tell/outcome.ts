/** What became of a message. */
import type { Posted } from './post.ts';

export type Told =
  | { readonly kind: 'told' }
  /** It may work later: a sentence without a secret. */
  | { readonly kind: 'again'; readonly message: string }
  /** It will not work later either. */
  | { readonly kind: 'given-up'; readonly message: string };

/** What the answer to a POST means; a redirect is no success, since it is not followed. */
export function toldBy(posted: Posted): Told {
  switch (posted.kind) {
    case 'answered': {
      const { status } = posted;
      if (status >= 200 && status < 300) return { kind: 'told' };
      const isLater = status >= 500 || LATER.has(status);
      return { kind: isLater ? 'again' : 'given-up', message: `It was answered with status ${status}.` };
    }
    case 'failed':
      return { kind: 'again', message: posted.message };
    case 'refused':
      return { kind: 'given-up', message: posted.message };
    default:
      return posted satisfies never;
  }
}

/** Request Timeout, Too Early, Too Many Requests (RFC 9110, 8470, 6585). */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);
