/** The API in memory over a store and a service that are there already, asked with an admin's token. */
import { createApi } from '../../functions/api/app.ts';
import { createAuthenticate } from '../../functions/auth/authenticate.ts';
import { newToken } from '../../functions/auth/token.ts';
import type { Store } from '../../functions/store/store.ts';
import type { SweepService } from '../../functions/sweep/service.ts';

export type AskOver = (path: string, more?: { readonly method?: string; readonly json?: unknown }) => Promise<Response>;

export function apiOver(store: Store, service: SweepService): AskOver {
  const fileToken = newToken();
  const nothing = (): void => {};
  const app = createApi({
    store,
    service,
    authenticate: createAuthenticate({ store, fileToken }),
    nowMs: Date.now,
    log: { info: nothing, warn: nothing, error: nothing },
    version: '0.0.0-test',
  });
  return async (path, { method, json } = {}) =>
    app.request(path, {
      method: method ?? (json === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${fileToken}`,
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
}
