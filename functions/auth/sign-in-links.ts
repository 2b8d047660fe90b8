/** Links that sign somebody in once, for who has started the service and so has its token anyway. */
import { createHash, randomBytes } from 'node:crypto';

export interface SignInLinks {
  /** A code that is good for one sign-in, in words of base64url. Whoever has it can do what the token can. */
  issue(): string;
  /** The token behind a code, to whoever is first to ask. */
  redeem(code: string): string | undefined;
}

export function createSignInLinks(token: string): SignInLinks {
  const hashes = new Set<string>();
  return {
    issue() {
      const code = randomBytes(CODE_BYTES).toString('base64url');
      hashes.add(hashOf(code));
      return code;
    },
    redeem: (code) => (hashes.delete(hashOf(code)) ? token : undefined),
  };
}

const CODE_BYTES = 32;

/** Looked up by its hash, a code is not found out by how long the look takes. */
const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');
