/** Words that anybody may have written, in a message. */
import { holdsKey } from './secret-text.ts';

/** Characters; more of a word helps nobody to find it. */
export const MOST_SHOWN = 80;

/** In quotes, on one line, and cut where it is long; nothing of what may be a private key. */
export function shown(text: string): string {
  if (holdsKey(text)) return '"…"';
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
