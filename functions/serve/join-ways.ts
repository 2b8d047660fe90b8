/** The ways in and the ways out, joined to the life of a sweep. */
import type { HttpBindings } from '@hono/node-server';
import { handleAlerts } from '../alerts/handle-alerts.ts';
import { createApi } from '../api/app.ts';
import type { AlertHook } from '../api/deps.ts';
import { createAuthenticate } from '../auth/authenticate.ts';
import { createSessions } from '../auth/session.ts';
import type { SignInLinks } from '../auth/sign-in-links.ts';
import { createBackground } from '../background.ts';
import { createChat } from '../chat/app.ts';
import { createPage } from '../page/app.ts';
import { type Schedules, startSchedules } from '../schedule/start-schedules.ts';
import { createSweepService } from '../sweep/create-service.ts';
import type { SweepDeps } from '../sweep/deps.ts';
import { createPost } from '../tell/post.ts';
import { tellSweep } from '../tell/tell-sweep.ts';

export interface WaysOptions extends Omit<SweepDeps, 'nowMs' | 'tell'> {
  /** Of the token file. */
  readonly fileToken: string;
  readonly signInLinks: Pick<SignInLinks, 'redeem'>;
  readonly version: string;
}

export interface Ways {
  readonly sweepDeps: SweepDeps;
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  /** To be called once. Resolves once whodisk.yml was read for them. */
  startSchedules(): Promise<Schedules>;
  /** Resolves when everything is done that goes on after a request was answered, or when it takes too long. Never rejects. */
  settled(limitMs: number): Promise<void>;
}

export function joinWays({ fileToken, signInLinks, version, ...given }: WaysOptions): Ways {
  const nowMs = Date.now;
  const { store, config, log } = given;
  const { env } = given.local;
  const post = createPost();
  const background = createBackground();
  const telling = { store, config, env, post, nowMs, log };
  const sweepDeps: SweepDeps = { ...given, nowMs, tell: tellSweep(telling) };
  const service = createSweepService(sweepDeps);
  const authenticate = createAuthenticate({ store, fileToken });
  const alerts: AlertHook = (body, token) => handleAlerts({ store, service, config, nowMs, log }, body, token);
  const api = createApi({ store, service, authenticate, nowMs, log, version, alerts, addressOf });
  api.route('/', createChat({ store, service, config, env, post, background: background.add, nowMs, log }));
  const sessions = createSessions({ store, nowMs, fileToken });
  api.route('/', createPage({ store, service, sessions, signInLinks, config, nowMs, log, addressOf }));
  return {
    sweepDeps,
    fetch: (request, bindings) => api.fetch(request, bindings),
    startSchedules: () => startSchedules({ ...telling, service }),
    settled: background.settled,
  };
}

/** Of the connection: what a header says of it anybody may write. */
function addressOf(env: unknown): string | undefined {
  return (env as Partial<HttpBindings>).incoming?.socket.remoteAddress;
}
