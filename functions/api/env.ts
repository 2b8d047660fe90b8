/** What one part of a request's way leaves for the next. */
import type { TokenHolder } from '../auth/authenticate.ts';

export interface ApiEnv {
  Variables: {
    /** Whose token it is; set by the guard of each operation that wants one. */
    holder: TokenHolder;
  };
}
