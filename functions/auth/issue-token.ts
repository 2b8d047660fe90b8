/** A new token, and what a store keeps of it. */
import type { StoredToken } from '../store/store.ts';
import type { Scope } from './scope.ts';
import { newToken, tokenHash } from './token.ts';

/**
 * @param options `id` a ULID, new for each token
 * @returns `token` is to be shown once, and `stored` given to `Store.addToken`
 */
export function issueToken(options: {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly nowMs: number;
}): { readonly token: string; readonly stored: StoredToken } {
  const { id, name, scope, nowMs } = options;
  const token = newToken();
  return { token, stored: { id, name, scope, hash: tokenHash(token), createdAt: new Date(nowMs).toISOString() } };
}
