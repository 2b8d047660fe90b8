/** A sweep is asked for. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { askerWords } from '../render/asker.ts';
import { StoreProblem } from '../store/problem.ts';
import type { SweepDetail } from '../store/store.ts';
import { ulid } from '../ulid.ts';
import { foldedWithin } from './asked-record.ts';
import { begin } from './begin.ts';
import type { SweepDeps } from './deps.ts';
import type { Job } from './job.ts';
import { knownNames, knownTargets } from './known-targets.ts';
import { readJob } from './read-job.ts';
import type { Started, SweepRequest } from './service.ts';
import { serviceSettings } from './service-settings.ts';
import { timeToCloseMs } from './time-to-close.ts';

/**
 * First the job is written, then the rest, then the message: whoever is killed in between has lost nothing that `resume` or the watchdog
 * (watchdog.ts) would not do, and whoever asks again with the same key goes on where it stopped.
 */
export async function startSweep(deps: SweepDeps, request: SweepRequest): Promise<Started> {
  const { store, nowMs, log } = deps;
  const startedAtMs = nowMs();
  const id = ulid(startedAtMs);
  const job = await jobOf(deps, request, id, startedAtMs);
  const key = request.idempotencyKey;
  const mine: Claimed = { sweepId: id, startedAtMs, hash: hashOf(request) };
  if ('kind' in job) {
    // What was begun with this key is answered although it could not be begun now.
    const holder = key === undefined ? undefined : await store.claimed(keyClaim(key));
    const first = typeof holder === 'string' ? claimedIn(holder) : holder;
    if (first === undefined || first instanceof StoreProblem) return job;
    return await startedBefore(deps, first, mine, undefined);
  }
  if (key !== undefined) {
    const first = await claimKey(deps, key, mine, startedAtMs + KEY_MS);
    if (first instanceof StoreProblem) return { kind: 'store-failed', problem: first };
    if (first.sweepId !== id) return await startedBefore(deps, first, mine, job);
  }
  const problem = (await store.openJob(id, job)) ?? (await begin(deps, job));
  if (problem !== undefined) return { kind: 'store-failed', problem };
  await sendPlan(deps, id);
  log.info('a sweep was asked for', { sweepId: id, by: job.sweep.by, hosts: job.names.length });
  return { kind: 'started', sweep: job.sweep };
}

async function jobOf(
  deps: SweepDeps,
  request: SweepRequest,
  id: string,
  startedAtMs: number,
): Promise<Job | Exclude<Started, { kind: 'started' | 'known' }>> {
  const config = await deps.config();
  if ('problem' in config) return { kind: 'stopped', message: config.problem };
  if (config.disabled !== undefined) return { kind: 'stopped', message: config.disabled };
  const known = knownTargets(request.targets, config.inventory);
  if (known.kind === 'bad-targets') return known;
  const { names } = known;
  const forbidden = outside(names, request.mayOnly, config.inventory);
  if (forbidden.length > 0) return { kind: 'forbidden', hosts: foldedWithin(forbidden, MOST_FORBIDDEN) };
  const settings = serviceSettings({ windowSeconds: request.windowSeconds, args: request.args ?? false }, config, deps);
  if ('problem' in settings) return { kind: 'stopped', message: settings.problem };
  const { windowSeconds, deadlineSeconds, forks, args } = settings;
  const amount = { hosts: names.length, redeliverySeconds: deps.redeliverySeconds };
  return {
    sweep: {
      id,
      trigger: request.trigger,
      by: askerWords(request.by),
      asked: [...request.targets],
      status: 'queued',
      startedAt: new Date(startedAtMs).toISOString(),
      windowSeconds,
      targets: names.length,
      swept: 0,
      notSwept: 0,
    },
    by: request.by,
    names: [...names],
    shardHosts: SHARD_HOSTS,
    deadlineSeconds,
    args,
    closesByMs: startedAtMs + timeToCloseMs({ ...amount, shardHosts: SHARD_HOSTS, forks, deadlineSeconds }),
    tell: [...request.tell],
  };
}

function outside(
  names: readonly string[],
  mayOnly: readonly string[] | undefined,
  inventory: Inventory,
): readonly string[] {
  if (mayOnly === undefined) return [];
  const allowed = new Set(mayOnly.flatMap((word) => knownNames(word, inventory)));
  return names.filter((name) => !allowed.has(name));
}

/** Of the key's first time. @param job what to go on with where that came to nothing; undefined: nothing is begun */
async function startedBefore(deps: SweepDeps, first: Claimed, mine: Claimed, job: Job | undefined): Promise<Started> {
  if (first.hash !== mine.hash) return { kind: 'key-reused' };
  const detail = await firstWritten(deps, first.sweepId);
  if (detail instanceof StoreProblem) return { kind: 'store-failed', problem: detail };
  if (detail !== undefined) return { kind: 'known', sweep: detail.sweep };
  const open = await readJob(deps, first.sweepId);
  if (open instanceof StoreProblem) return { kind: 'store-failed', problem: open };
  // Whoever came first was killed, or is slow. Both write the same, and the first one's word stands.
  const again = open?.job ?? (job && asFirst(job, first));
  if (again === undefined) {
    const problem = new StoreProblem('busy', 'the sweep of this key is just being begun', 'ask again in a moment');
    return { kind: 'store-failed', problem };
  }
  const problem = (await deps.store.openJob(first.sweepId, again)) ?? (await begin(deps, again));
  if (problem !== undefined) return { kind: 'store-failed', problem };
  await sendPlan(deps, first.sweepId);
  return { kind: 'known', sweep: again.sweep };
}

/** Whoever came first may be just writing it: a moment later it is there. */
async function firstWritten({ store }: SweepDeps, id: string): Promise<SweepDetail | undefined | StoreProblem> {
  for (let left = MOST_LOOKS; ; left--) {
    const detail = await store.sweep(id);
    if (detail !== undefined || left <= 1) return detail;
    await sleep(LOOK_MS);
  }
}

const LOOK_MS = 100;
const MOST_LOOKS = 8;

/** A queue that takes nothing now costs time only: the watchdog sends it again. */
async function sendPlan({ queue, log }: SweepDeps, id: string): Promise<void> {
  try {
    await queue.send([{ kind: 'plan', sweepId: id }]);
  } catch (error) {
    log.warn('the queue takes no message; it is sent again later', { sweepId: id, detail: String(error) });
  }
}

const claimedSchema = z.object({ sweepId: z.string(), startedAtMs: z.number(), hash: z.string() });
type Claimed = Readonly<z.infer<typeof claimedSchema>>;

/** As whoever came first writes it. */
function asFirst(job: Job, { sweepId: id, startedAtMs }: Claimed): Job {
  const laterMs = Date.parse(job.sweep.startedAt) - startedAtMs;
  const startedAt = new Date(startedAtMs).toISOString();
  return { ...job, sweep: { ...job.sweep, id, startedAt }, closesByMs: job.closesByMs - laterMs };
}

async function claimKey(
  { store }: SweepDeps,
  key: string,
  mine: Claimed,
  untilMs: number,
): Promise<Claimed | StoreProblem> {
  const answer = await store.claim(keyClaim(key), JSON.stringify(mine), untilMs);
  return answer instanceof StoreProblem ? answer : claimedIn(answer.holder);
}

/** Its holder is what was claimed, as JSON. */
const keyClaim = (key: string): string => `idempotency#${key}`;

function claimedIn(holder: string): Claimed | StoreProblem {
  try {
    return claimedSchema.parse(JSON.parse(holder));
  } catch {
    return new StoreProblem('corrupt', 'what the store has of this key cannot be read', 'use another key');
  }
}

/** Of what decides which hosts are visited and how; who is told may differ, as a response_url does each time. */
function hashOf({ targets, windowSeconds, args, trigger }: SweepRequest): string {
  const text = JSON.stringify([targets, windowSeconds ?? null, args ?? false, trigger]);
  return createHash('sha256').update(text).digest('hex');
}

const KEY_MS = 86_400_000;
/** Of a Lambda's 1,024 descriptors a host takes up to two; with all that else is open no more than 900 connections. */
const SHARD_HOSTS = 200;
const MOST_FORBIDDEN = 20;
