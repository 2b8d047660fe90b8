/** What is said of things stored that cannot be read. */
import type { Unreadable } from '../store/store.ts';

/** Sentences; of very many the last one says how many. */
export function unreadableNotes(unreadable: readonly Unreadable[]): string[] {
  const more = unreadable.length - MOST;
  return [
    ...unreadable
      .slice(0, MOST)
      .map(({ what, why }) => `what is stored of ${what} cannot be read, and is left out: ${why}`),
    ...(more > 0 ? [`and ${more} more that cannot be read`] : []),
  ];
}

const MOST = 3;
