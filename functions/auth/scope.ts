/** What a token may do: each scope holds those before it. */
import type { StoredToken } from '../store/store.ts';

/** `read`: everything that is stored; `run`: start and cancel sweeps; `admin`: who asked for what. */
export const SCOPES = ['read', 'run', 'admin'] as const;
export type Scope = (typeof SCOPES)[number] & StoredToken['scope'];

export function holdsScope(scope: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}
