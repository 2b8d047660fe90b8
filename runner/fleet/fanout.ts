/** Many visits at a time, their results in the order in which they finish. */
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';

export interface FanoutOptions<Item, Result> {
  /** How many visits may be under way at a time; an integer from 1. */
  readonly width: number;
  /** Once aborted, no visit is begun any more; those under way are expected to end by themselves, as they hear it too. */
  readonly signal: AbortSignal;
  /** A visit that throws is a bug: it becomes this item's result and the others go on. */
  readonly onBug: (item: Item, error: unknown) => Result;
  /** What becomes of an item that was not begun when the signal came. */
  readonly onUnvisited: (item: Item) => Result;
}

/**
 * Visits each item and yields exactly one result for each, as they come.
 *
 * @throws TypeError from the first next() where `width` is no positive integer
 */
export async function* fanout<Item, Result>(
  items: Iterable<Item>,
  visit: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: FanoutOptions<Item, Result>,
): AsyncGenerator<Result, void, undefined> {
  const { width, signal, onBug, onUnvisited } = options;
  const limit = pLimit(width);
  // Each visit listens to it; Node takes more than ten listeners for a leak and warns.
  setMaxListeners(0, signal);

  const finished: Result[] = [];
  let wake = () => {};
  let left = 0;
  const settle = (result: Result) => {
    left--;
    finished.push(result);
    wake();
  };
  for (const item of items) {
    left++;
    void limit(async () => {
      if (signal.aborted) return onUnvisited(item);
      try {
        return await visit(item, signal);
      } catch (error) {
        return onBug(item, error);
      }
    }).then(settle);
  }
  while (left > 0 || finished.length > 0) {
    if (finished.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    yield* finished.splice(0);
  }
}
