/** Writes of hosts that finish at about the same time, in one request: a sweep of a thousand hosts makes eighty of them, not two thousand. */
import type { StoreProblem } from './problem.ts';
import type { Item } from './table.ts';

export interface GroupedWrites {
  /** Resolves when these items are written, those of one call in one request. Never rejects. */
  add(items: readonly Item[]): Promise<StoreProblem | undefined>;
  /** Writes what is waiting now, and waits for all that is under way. */
  flush(): Promise<void>;
}

type Write = (items: readonly Item[]) => Promise<StoreProblem | undefined>;
type Waiting = { items: readonly Item[]; resolve: (outcome: StoreProblem | undefined) => void };

/** @param most items in one request  @param waitMs how long an item may wait for others  @param width requests at a time */
export function groupWrites(write: Write, options: { most: number; waitMs: number; width: number }): GroupedWrites {
  const waiting: Waiting[] = [];
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  function start(isFlush: boolean): void {
    while (waiting.length > 0 && underWay.size < options.width) {
      const group = takeGroup(waiting, options.most);
      const isFull = waiting.length > 0 || itemsOf(group) >= options.most;
      if (!isFull && !isFlush) {
        waiting.unshift(...group);
        timer ??= setTimeout(() => {
          timer = undefined;
          start(true);
        }, options.waitMs);
        return;
      }
      const sending = send(group).finally(() => {
        underWay.delete(sending);
        start(isFlush);
      });
      underWay.add(sending);
    }
  }

  async function send(group: readonly Waiting[]): Promise<void> {
    // A host that came twice in a moment is one item: a request may name a key once.
    const byKey = new Map(
      group.flatMap(({ items }) => items).map((item) => [`${item['pk']?.S}\n${item['sk']?.S}`, item]),
    );
    const outcome = await write([...byKey.values()]);
    for (const { resolve } of group) resolve(outcome);
    // Those who wait for a store that fails would each wait for its deadline, a sweep of a thousand hosts for minutes.
    if (outcome) for (const { resolve } of waiting.splice(0)) resolve(outcome);
  }

  return {
    add(items) {
      return new Promise((resolve) => {
        waiting.push({ items, resolve });
        start(false);
      });
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      start(true);
      while (underWay.size > 0) {
        await Promise.all(underWay);
        start(true);
      }
    },
  };
}

function takeGroup(waiting: Waiting[], most: number): Waiting[] {
  let count = 0;
  let items = 0;
  for (const one of waiting) {
    if (count > 0 && items + one.items.length > most) break;
    items += one.items.length;
    count += 1;
  }
  return waiting.splice(0, count);
}

const itemsOf = (group: readonly Waiting[]): number => group.reduce((sum, { items }) => sum + items.length, 0);
