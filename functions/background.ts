/** What goes on after a request was answered. */
import { inTime } from './in-time.ts';

export interface Background {
  /** @param work never rejects */
  add(work: Promise<void>): void;
  /** Resolves when all of it is done, or when it takes too long. Never rejects. */
  settled(limitMs: number): Promise<void>;
}

export function createBackground(): Background {
  const working = new Set<Promise<void>>();
  return {
    add(work) {
      const entry = work.finally(() => working.delete(entry));
      working.add(entry);
    },
    async settled(limitMs) {
      await inTime(Promise.allSettled(working), limitMs);
    },
  };
}
