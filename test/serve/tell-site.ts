/** Telling on real parts: an embedded store, a whodisk.yml, an HTTP server that is told. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../functions/store/store.ts';
import type { Job, Tell } from '../../functions/sweep/job.ts';
import type { TellDeps } from '../../functions/tell/deps.ts';
import { createPost } from '../../functions/tell/post.ts';
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { configIn } from '../config-in.ts';
import { reportOf } from '../findings.ts';
import { logTo } from '../log-to.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../store/embedded.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** The path at the receiver that `ops` leads to, whose end is a secret. */
export const OPS = '/services/hunter2';

export interface TellSite {
  readonly deps: TellDeps;
  readonly store: Store;
  readonly stores: StoreSite;
  readonly receiver: Receiver;
  readonly logged: readonly string[];
  /** Writes whodisk.yml again. RECEIVER in it becomes the origin of the receiver. */
  writeConfig(text: string): void;
  /** Epoch milliseconds that it is now, and from now on. */
  setNow(ms: number): void;
  /** Stores a sweep of these hosts that has ended; a schedule's by default. */
  swept(hosts: readonly VisitedHost[], more?: Partial<Sweep>): Promise<Sweep>;
  end(): Promise<void>;
}

export const TELL_CONFIG = `
publicUrl: https://whodisk.example.com
hosts: {db-1: , db-2: , db-3: }
groups: {db: ['db-[1-3]']}
slack: {signingSecret: {env: SIGNING}, responseOrigins: ['RECEIVER'], allow: []}
tell:
  ops: {slack: {file: ops}}
  tickets: {url: 'RECEIVER/tickets', secret: {env: TICKETS}}
schedules:
  nightly: {cron: 0 3 * * *, targets: ['@db'], tell: [ops, tickets]}
alerts: {tell: [ops]}
`;

export async function tellSite(text = TELL_CONFIG): Promise<TellSite> {
  const stores = storeSite();
  let now: number | undefined;
  const nowMs = (): number => now ?? Date.now();
  const store = await stores.open({ nowMs });
  const receiver = await startReceiver();
  const { folder } = stores;
  const logged: string[] = [];
  const writeConfig = (written: string): void =>
    writeFileSync(join(folder, 'whodisk.yml'), written.replaceAll('RECEIVER', receiver.origin));
  writeConfig(text);
  writeFileSync(join(folder, 'ops'), `${receiver.origin}${OPS}\n`);
  chmodSync(join(folder, 'ops'), 0o600);
  const deps: TellDeps = {
    store,
    config: () => configIn(folder),
    env: { TICKETS: 't1ckets', SIGNING: 's1gning' },
    post: createPost({ limitMs: 2000 }),
    nowMs,
    log: logTo(logged),
  };
  return {
    deps,
    store,
    stores,
    receiver,
    logged,
    writeConfig,
    setNow: (ms) => {
      now = ms;
    },
    async swept(hosts, more = {}) {
      const sweep: Partial<Sweep> = {
        id: nextSweepId(),
        trigger: 'schedule',
        by: 'schedule nightly',
        asked: ['@db'],
        ...more,
      };
      const report = reportOf(hosts, sweep);
      must(await store.finishSweep(report));
      return report.sweep;
    },
    async end() {
      await receiver.stop();
      await stores.end();
    },
  };
}

/** The job of a sweep of `nightly`. */
export function jobOf(sweep: Sweep, tell: readonly Tell[], more: Partial<Job> = {}): Job {
  return {
    sweep: { ...sweep, status: 'queued' },
    by: { kind: 'schedule', name: 'nightly' },
    names: [],
    shardHosts: 200,
    deadlineSeconds: 15,
    args: false,
    closesByMs: 0,
    tell: [...tell],
    ...more,
  };
}
