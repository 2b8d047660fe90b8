/** Links that sign somebody in once, for who has started the service and so has its token anyway. */
import { createHash, randomBytes } from 'node:crypto';

export interface SignInLinks {
  /** A code that is good for one sign-in within an hour, in words of base64url. Whoever has it can do what the token can. */
  issue(): string;
  /** The token behind a code, to whoever is first to ask. */
  redeem(code: string): string | undefined;
}

/** Who opens it later has been away: it stands on a screen, and in what the terminal remembers of it. */
const LINK_MS = 3_600_000;

/** @param nowMs milliseconds on any clock */
export function createSignInLinks(token: string, nowMs: () => number): SignInLinks {
  const untilMsOf = new Map<string, number>();
  return {
    issue() {
      const code = randomBytes(CODE_BYTES).toString('base64url');
      untilMsOf.set(hashOf(code), nowMs() + LINK_MS);
      return code;
    },
    redeem(code) {
      const hash = hashOf(code);
      const untilMs = untilMsOf.get(hash) ?? 0;
      untilMsOf.delete(hash);
      return nowMs() < untilMs ? token : undefined;
    },
  };
}

const CODE_BYTES = 32;

/** Looked up by its hash, a code is not found out by how long the look takes. */
const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');
