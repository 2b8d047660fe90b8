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

/** Tokens of admins that are in no store, as they are now. What is wrong with them is a sentence; those that are good count all the same. */
export type AdminTokens = () => Promise<{ readonly tokens?: readonly string[]; readonly problem?: string }>;

/** Of the token in the token file, which is in no store. */
const FILE_HOLDER: TokenHolder = { id: 'token-file', name: 'file', scope: 'admin' };
const SECRET_HOLDER: TokenHolder = { id: 'token-secret', name: 'secret', scope: 'admin' };

/**
 * The store is asked for each request, so that a token counts from when it was made until it is revoked.
 *
 * @param fileToken the token of the token file (token-file.ts), which is an admin's; absent where there is none
 * @param adminTokens read for each request, so that one that is replaced counts from then on
 */
export function createAuthenticate(deps: {
  readonly store: Pick<Store, 'tokenOf'>;
  readonly fileToken?: string;
  readonly adminTokens?: AdminTokens;
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
    const admins = await deps.adminTokens?.();
    if (admins?.tokens?.some((each) => isSameHash(hash, tokenHash(each))))
      return { kind: 'known', holder: SECRET_HOLDER };
    const stored = await deps.store.tokenOf(hash);
    if (stored instanceof StoreProblem) return stored;
    if (stored === undefined || !isSameHash(stored.hash, hash)) {
      // It may be an admin's.
      return admins?.problem === undefined
        ? bad(UNKNOWN)
        : new StoreProblem('failed', admins.problem, 'see the secret that holds the tokens of the admins');
    }
    if (stored.revokedAt !== undefined) return bad(`this token was revoked at ${stored.revokedAt}`);
    const { id, name, scope } = stored;
    return { kind: 'known', holder: { id, name, scope } };
  };
}

/** What is said of a text that cannot be a token. */
export const NO_TOKEN = 'this is no token of whodisk: they begin with whodisk_ and have 51 characters';
const UNKNOWN = 'this token is not known here: whodisk token create makes one, beside the store that the service uses';

const bad = (message: string) => ({ kind: 'bad-token' as const, message });
