/** Whose token a request carries (RFC 6750, section 2.1: in the Authorization header, and nowhere else). */
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Scope } from './scope.ts';
import { isSameHash, isToken, tokenHash } from './token.ts';

/** Who asks, once their token is known to be good. */
export interface TokenHolder {
  /** Of the token; tells tokens of one name apart. */
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
}

export type Authenticated =
  | { readonly kind: 'known'; readonly holder: TokenHolder }
  | { readonly kind: 'no-token' }
  /** A sentence that tells what to do, and nothing of the token. */
  | { readonly kind: 'bad-token'; readonly message: string };

/** @param authorization the header as it came */
export type Authenticate = (authorization: string | undefined) => Promise<Authenticated | StoreProblem>;

/** Of the token in the token file, which is in no store. */
const FILE_HOLDER: TokenHolder = { id: 'token-file', name: 'file', scope: 'admin' };

/**
 * The store is asked for each request, so that a token counts from when it was made until it is revoked.
 *
 * @param fileToken the token of the token file (token-file.ts), which is an admin's; absent where there is none
 */
export function createAuthenticate(deps: {
  readonly store: Pick<Store, 'tokenOf'>;
  readonly fileToken?: string;
}): Authenticate {
  const holderOf = createHolderOf(deps);
  return async (authorization) => {
    if (authorization === undefined || authorization.trim() === '') return { kind: 'no-token' };
    const token = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (token === undefined) return bad('the Authorization header is not "Bearer TOKEN"');
    return isToken(token) ? await holderOf(tokenHash(token)) : bad(NO_TOKEN);
  };
}

/** Whose token it is, of a token's hash (token.ts). */
export type HolderOf = (hash: string) => Promise<Exclude<Authenticated, { kind: 'no-token' }> | StoreProblem>;

/** What createAuthenticate asks, for whoever knows the token by its hash alone. */
export function createHolderOf(deps: Parameters<typeof createAuthenticate>[0]): HolderOf {
  const fileHash = deps.fileToken === undefined ? undefined : tokenHash(deps.fileToken);
  return async (hash) => {
    if (fileHash !== undefined && isSameHash(hash, fileHash)) return { kind: 'known', holder: FILE_HOLDER };
    const stored = await deps.store.tokenOf(hash);
    if (stored instanceof StoreProblem) return stored;
    if (stored === undefined || !isSameHash(stored.hash, hash)) return bad(UNKNOWN);
    if (stored.revokedAt !== undefined) return bad(`this token was revoked at ${stored.revokedAt}`);
    const { id, name, scope } = stored;
    return { kind: 'known', holder: { id, name, scope } };
  };
}

/** What is said of a text that cannot be a token. */
export const NO_TOKEN = 'this is no token of whodisk: they begin with whodisk_ and have 51 characters';
const UNKNOWN = 'this token is not known here: whodisk token create makes one, beside the store that the service uses';

const bad = (message: string) => ({ kind: 'bad-token' as const, message });
