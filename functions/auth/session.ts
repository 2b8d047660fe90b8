/**
 * Sessions of people who look at the page: begun with a token, and known by a secret of their own, which a cookie holds.
 *
 * The secret is random and opens the page alone: whoever steals the cookie has no token, and nothing after twelve hours or a sign-out. The
 * store has its SHA-256 with that of the token, so that any process on the same store knows the session, and whoever reads the store has
 * neither. The token is looked up for each request: revoked, it ends its sessions at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { type AdminTokens, createHolderOf, NO_TOKEN, type TokenHolder } from './authenticate.ts';
import { isToken, tokenHash } from './token.ts';

export type SignedIn =
  | { readonly kind: 'signed-in'; readonly secret: string; readonly holder: TokenHolder }
  /** A sentence that tells what to do, and nothing of the token. */
  | { readonly kind: 'bad-token'; readonly message: string };

export interface Sessions {
  /** @param token as it was typed */
  begin(token: string): Promise<SignedIn | StoreProblem>;
  /** Whose session it is; undefined where it is none, or has ended. */
  holder(secret: string): Promise<TokenHolder | undefined | StoreProblem>;
  /** From now on the secret opens nothing. */
  end(secret: string): Promise<StoreProblem | undefined>;
}

/** A working day, and a night on call. */
export const SESSION_MS = 12 * 3_600_000;

/** @param deps `nowMs` epoch milliseconds; `fileToken` and `adminTokens` as for createAuthenticate */
export function createSessions(deps: {
  readonly store: Pick<Store, 'tokenOf' | 'claim' | 'claimed' | 'release'>;
  readonly nowMs: () => number;
  readonly fileToken?: string;
  readonly adminTokens?: AdminTokens;
}): Sessions {
  const { store, nowMs } = deps;
  const holderOf = createHolderOf(deps);
  return {
    async begin(token) {
      const typed = token.trim();
      if (!isToken(typed)) return { kind: 'bad-token', message: NO_TOKEN };
      const hash = tokenHash(typed);
      const found = await holderOf(hash);
      if (found instanceof StoreProblem || found.kind === 'bad-token') return found;
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const kept = await store.claim(claimOf(secret), hash, nowMs() + SESSION_MS);
      if (kept instanceof StoreProblem) return kept;
      return { kind: 'signed-in', secret, holder: found.holder };
    },
    async holder(secret) {
      if (!SECRET.test(secret)) return undefined;
      const hash = await store.claimed(claimOf(secret));
      if (hash === undefined || hash instanceof StoreProblem) return hash;
      const found = await holderOf(hash);
      if (found instanceof StoreProblem) return found;
      return found.kind === 'known' ? found.holder : undefined;
    },
    async end(secret) {
      if (!SECRET.test(secret)) return undefined;
      const hash = await store.claimed(claimOf(secret));
      if (hash === undefined || hash instanceof StoreProblem) return hash;
      return await store.release(claimOf(secret), hash);
    },
  };
}

const SECRET_BYTES = 32;
/** base64url of 32 bytes, without padding. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

const claimOf = (secret: string): string => `session#${createHash('sha256').update(secret).digest('hex')}`;
