/** What all functions have in common: the table, the configuration that is published in it, the queues. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Config } from '../config/read-config.ts';
import { RETENTION_DAYS } from '../config/retention-days.ts';
import { openCloudStore } from '../store/open-cloud.ts';
import type { SweepDeps } from '../sweep/deps.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';
import type { CloudLog } from './log.ts';
import { type QueueUrls, sqsQueue } from './sqs-queue.ts';
import { createStoredConfig, type StoredConfigOptions } from './stored-config.ts';

export interface Edge extends Omit<SweepDeps, 'tell'> {
  readonly log: CloudLog;
  readonly sqs: SQSClient;
  /** The last configuration that could be read; undefined before the first. */
  readonly lastConfig: () => Config | undefined;
}

export interface EdgeOptions {
  /** The name of the table. */
  readonly table: string;
  readonly log: CloudLog;
  /** The queues that the function may send to. */
  readonly queueUrls?: QueueUrls;
  readonly redeliverySeconds?: number;
  readonly useKnownHosts?: NonNullable<StoredConfigOptions['useKnownHosts']>;
}

/** Asks nothing of anybody yet. */
export async function openEdge(options: EdgeOptions): Promise<Edge> {
  const { log, redeliverySeconds } = options;
  const nowMs = Date.now;
  // whodisk.yml says for how long, and is itself in the table: whoever stores findings has looked at it before.
  let last: Config | undefined;
  const { store } = await openCloudStore(
    { kind: 'dynamodb', table: options.table },
    {
      get retentionDays() {
        return last?.retentionDays ?? RETENTION_DAYS;
      },
      nowMs,
    },
  );
  const stored = createStoredConfig({
    store,
    clockMs: Date.now,
    log,
    ...(options.useKnownHosts !== undefined && { useKnownHosts: options.useKnownHosts }),
  });
  const sqs = new SQSClient(CLIENT_SETTINGS);
  return {
    store,
    sqs,
    log,
    nowMs,
    queue: sqsQueue(sqs, options.queueUrls ?? {}),
    async config() {
      const config = await stored();
      if (!('problem' in config)) last = config;
      return config;
    },
    lastConfig: () => last,
    local: { user: LOGIN_NAME, homeDirectory: NOWHERE, env: {}, stateFolder: NOWHERE },
    // No state folder lasts from one worker to the next, so no key can be pinned the first time that it is seen.
    options: { sweep: { hostKeys: 'strict' } },
    ...(redeliverySeconds !== undefined && { redeliverySeconds, mostDeadlineSeconds: longestVisit(redeliverySeconds) }),
  };
}

/** By which hosts are logged in to of which nothing else is said; the one that Lambda gives its process is nobody's. */
const LOGIN_NAME = 'whodisk';
/** There is no ~/.ssh and no state folder: what counts is in the table and in the secrets. */
const NOWHERE = '/nonexistent';

/**
 * The visibility of a queue is six times the time limit of its function (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"), of which
 * a visit has what the beginning and the end of an invocation leave.
 */
function longestVisit(redeliverySeconds: number): number {
  return Math.max(2, Math.floor(redeliverySeconds / VISIBILITY_TIMES) - EDGES_SECONDS);
}

const VISIBILITY_TIMES = 6;
const EDGES_SECONDS = 12;
