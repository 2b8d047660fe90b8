/** Items that have not expired: DynamoDB may keep what has expired for days (TTL, "How it works"). */
import { expiryOf } from './items.ts';
import type { Key } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Item, Query, Table } from './table.ts';

export interface Alive {
  /** Items of a query until there are `limit` of them or no more; it may be more. */
  collect(query: Query, limit: number, pageSize?: number): Promise<Item[] | StoreProblem>;
  /** @param attributes default all; other than DynamoDB's reserved words */
  get(key: Key, attributes?: readonly string[]): Promise<Item | undefined | StoreProblem>;
}

/** @param nowMs epoch milliseconds */
export function aliveItems(table: Table, nowMs: () => number): Alive {
  return {
    async collect(query, limit, pageSize = limit) {
      const alive = {
        ...query,
        filter: query.filter === undefined ? NOT_EXPIRED : `${NOT_EXPIRED} AND ${query.filter}`,
        values: { ...query.values, ':now': { N: String(Math.floor(nowMs() / 1000)) } },
        limit: Math.min(pageSize, MOST_PAGE),
      };
      const items: Item[] = [];
      let from: Item | undefined;
      do {
        const page = await table.query({ ...alive, ...(from && { from }) });
        if (page instanceof StoreProblem) return page;
        items.push(...page.items);
        from = page.next;
      } while (from && items.length < limit);
      return items;
    },

    async get(key, attributes) {
      const item = await table.get(key, attributes && [...attributes, 'expiresAt']);
      if (!item || item instanceof StoreProblem) return item;
      return expiryOf(item) > nowMs() / 1000 ? item : undefined;
    },
  };
}

const NOT_EXPIRED = 'expiresAt > :now';
/** Items that one request asks for. */
export const MOST_PAGE = 1000;
