/** The whole service on one machine. Its handlers are those of every other edge; here the queue is in the process. */
import { join } from 'node:path';
import { createSignInLinks } from '../auth/sign-in-links.ts';
import { openTokenFile, TokenFileProblem } from '../auth/token-file.ts';
import { inTime } from '../in-time.ts';
import type { Log } from '../log.ts';
import { openStateFolder, StateFolderProblem } from '../state-folder.ts';
import { openStore } from '../store/open.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { StoreWhere } from '../store/where.ts';
import { deadLetterHandler } from '../sweep/dead-letter.ts';
import type { SweepDeps } from '../sweep/deps.ts';
import { messageHandler } from '../sweep/handle-message.ts';
import { sqsHandler } from '../sweep/sqs-event.ts';
import { resume, watch } from '../sweep/watchdog.ts';
import { checkSecrets } from './check-secrets.ts';
import { createConfigSource, type FleetRead } from './config-source.ts';
import { every } from './every.ts';
import { joinWays } from './join-ways.ts';
import { listen } from './listen.ts';
import { createLocalQueue } from './queue.ts';
import { ServiceProblem } from './service-problem.ts';

export interface ServiceOptions {
  /** `host` is an IP address without brackets, or "localhost"; port 0 is any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly store: StoreWhere;
  readonly retentionDays: number;
  /** Absolute. */
  readonly stateFolder: string;
  /** Absolute; default: `token` in the state folder. */
  readonly tokenFile?: string;
  readonly readFleet: () => Promise<FleetRead>;
  readonly local: Omit<SweepDeps['local'], 'stateFolder'>;
  readonly sweepOptions: NonNullable<SweepDeps['options']>;
  /** Of whodisk. */
  readonly version: string;
  readonly log: Log;
}

export interface Service {
  readonly url: string;
  readonly tokenFile: string;
  /** A link to the page that signs in whoever opens it first, with the token of the file. Each is good once. */
  signInLink(): string;
  /** Reads whodisk.yml, and with it the schedules, anew. Never rejects. */
  reload(): Promise<void>;
  /**
   * Takes no request and begins no host any more, gives what is under way a few seconds, and leaves the rest to the next start. Never
   * rejects.
   */
  drain(): Promise<void>;
}

export async function startService(options: ServiceOptions): Promise<Service | ServiceProblem> {
  const store = await openStore(options.store, { retentionDays: options.retentionDays, nowMs: Date.now });
  if (store instanceof StoreProblem) return new ServiceProblem(store.message, store.mend);
  for (const note of store.notes()) options.log.warn(note);
  const service = await startOn(store, options);
  if (service instanceof ServiceProblem) await store.close();
  return service;
}

async function startOn(store: Store, options: ServiceOptions): Promise<Service | ServiceProblem> {
  const { log } = options;
  const state = openStateFolder(options.stateFolder);
  if (state instanceof StateFolderProblem) return new ServiceProblem(state.message, state.mend);
  const tokenFile = options.tokenFile ?? join(state.path, 'token');
  const opened = await openTokenFile(tokenFile);
  if (opened instanceof TokenFileProblem) return new ServiceProblem(opened.message, opened.mend);

  const signInLinks = createSignInLinks(opened.token, Date.now);
  const source = createConfigSource({ read: options.readFleet, clockMs: () => performance.now(), log });
  const queue = createLocalQueue({ log, shardsAtATime: SHARDS_AT_A_TIME });
  const ways = joinWays({
    store,
    queue,
    config: source.config,
    local: { ...options.local, stateFolder: state.path },
    options: options.sweepOptions,
    shardsAtATime: SHARDS_AT_A_TIME,
    fileToken: opened.token,
    signInLinks,
    version: options.version,
    log,
  });
  const listener = await listen({ ...options.listen, fetch: ways.fetch, log });
  if (listener instanceof ServiceProblem) return listener;

  const { sweepDeps } = ways;
  queue.start({
    onEvent: sqsHandler(messageHandler(sweepDeps), log),
    onDeadLetter: deadLetterHandler(sweepDeps),
  });
  await resume(sweepDeps);
  const watchdog = every(WATCH_MS, () => watch(sweepDeps));
  const schedules = await ways.startSchedules();
  const check = async (): Promise<void> => checkSecrets(await source.config(), options.local.env, log);
  await check();
  return {
    url: listener.url,
    tokenFile,
    signInLink: () => `${listener.url}/sign-in/once/${signInLinks.issue()}`,
    async reload() {
      source.forget();
      await schedules.reload();
      await check();
    },
    async drain() {
      const rest = Promise.all([schedules.stop(), watchdog.stop()]);
      await Promise.all([listener.close(REQUESTS_MS), queue.drain(HOSTS_MS), inTime(rest, HOSTS_MS)]);
      await ways.settled(LATE_ANSWERS_MS);
      await store.close();
    },
  };
}

const SHARDS_AT_A_TIME = 2;
const WATCH_MS = 15_000;
/** What is under way when the service is to end gets so long: together less than docs/whodisk.service gives it. */
const REQUESTS_MS = 5000;
/** Most visits take their window and a second. */
const HOSTS_MS = 7000;
const LATE_ANSWERS_MS = 3000;
