/** Tokens of the HTTP API, by their hash. A token that was revoked stays, so that one sees in the list that there was one. */
import * as z from 'zod';
import type { Alive } from './alive.ts';
import { changeOnce } from './change-once.ts';
import { parsed } from './items.ts';
import { attributesOf, TOKENS, tokenKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Store, StoredToken } from './store.ts';
import type { Item, Table } from './table.ts';

type Tokens = Pick<Store, 'addToken' | 'tokenOf' | 'tokens' | 'revokeToken'>;

/** How long a token is good for is not the table's to say. */
export function tableTokens(table: Table, alive: Alive): Tokens {
  return {
    async addToken({ revokedAt, ...token }) {
      const item = {
        ...attributesOf(tokenKey(token.hash)),
        made: { S: JSON.stringify(token) },
        ...(revokedAt !== undefined && { revokedAt: { S: revokedAt } }),
        expiresAt: { N: String(NEVER) },
      };
      // Said again it must not give life to what was revoked in between.
      const outcome = await table.put(item, { expression: 'attribute_not_exists(pk)' });
      return outcome instanceof StoreProblem ? outcome : undefined;
    },

    async tokenOf(hash) {
      const item = await alive.get(tokenKey(hash));
      if (!item || item instanceof StoreProblem) return item;
      const token = readToken(item);
      if (!('damage' in token)) return token;
      return new StoreProblem('corrupt', `an API token cannot be read from the store: ${token.damage}`, MEND);
    },

    async tokens() {
      const items = await alive.collect({ pk: TOKENS }, Number.POSITIVE_INFINITY);
      if (items instanceof StoreProblem) return items;
      // One that cannot be read opens nothing (tokenOf), and must not hide the others from who wants to revoke them.
      const tokens = items.map(readToken).filter((token): token is StoredToken => !('damage' in token));
      return tokens.sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async revokeToken(hash, revokedAt) {
      const key = tokenKey(hash);
      return await changeOnce(table, key, (changeId) =>
        table.update(key, {
          change: 'SET revokedAt = :at, changeId = :change',
          condition: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)',
          values: { ':at': { S: revokedAt }, ':change': changeId },
        }),
      );
    },
  };
}

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(['read', 'run', 'admin']),
  hash: z.string(),
  createdAt: z.string(),
});
const itemSchema = z.object({
  made: z.object({ S: z.string() }),
  revokedAt: z.object({ S: z.string() }).optional(),
});

function readToken(item: Item): StoredToken | { damage: string } {
  const read = itemSchema.safeParse(item);
  if (!read.success) return { damage: 'it is no token' };
  const token = parsed(tokenSchema, read.data.made.S);
  if ('damage' in token) return token;
  return { ...token, ...(read.data.revokedAt && { revokedAt: read.data.revokedAt.S }) };
}

/** 31 December 9999, in epoch seconds. */
const NEVER = 253_402_300_799;
const MEND = 'make another: whodisk token create';
