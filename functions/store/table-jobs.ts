/** What is to be done, and how far it is. An item of its own for each of the two: the first may be large, the second changes all the time. */
import * as z from 'zod';
import type { Alive } from './alive.ts';
import { bodyOf } from './bodies.ts';
import { pack } from './body.ts';
import { partKeysOf, sortKeyOf, withBody } from './items.ts';
import { attributesOf, JOBS, jobBodyKey, jobKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { ShardProgress, Store } from './store.ts';
import type { Item, Table } from './table.ts';

type Jobs = Pick<
  Store,
  'openJob' | 'job' | 'jobState' | 'openJobs' | 'shardDone' | 'shardProgress' | 'cancelJob' | 'closeJob'
>;

/** @param nowMs epoch milliseconds */
export function tableJobs(table: Table, alive: Alive, nowMs: () => number): Jobs {
  const expiresAt = (): number => Math.round(nowMs() / 1000 + JOB_SECONDS);

  return {
    async openJob(sweepId, job) {
      const body = pack(job);
      if (!body) {
        return new StoreProblem(
          'too-large',
          `what sweep ${sweepId} is to do is larger than the store takes`,
          'sweep fewer hosts at a time',
        );
      }
      const key = jobBodyKey(sweepId);
      const { item, parts } = withBody(attributesOf(key), key, body, expiresAt());
      const present = await table.get(key, ['pk', 'closed']);
      if (present instanceof StoreProblem) return present;
      if (present?.['closed']) return undefined;
      const problem = parts.length === 0 ? undefined : await table.putAll(parts);
      if (problem) return problem;
      const outcome = await table.put(item, NEW);
      if (outcome instanceof StoreProblem) return outcome;
      const state = { ...attributesOf(jobKey(sweepId)), expiresAt: { N: String(expiresAt()) } };
      const opened = await table.put(state, NEW);
      return opened instanceof StoreProblem ? opened : undefined;
    },

    async job(sweepId) {
      const [state, item] = await Promise.all([alive.get(jobKey(sweepId)), alive.get(jobBodyKey(sweepId))]);
      if (state instanceof StoreProblem || item instanceof StoreProblem) return firstProblem(state, item);
      if (!state || !item) return undefined;
      // Opened again in the very moment in which it was closed: nobody shall look at it for a week.
      if (item['closed']) return await table.removeAll([jobKey(sweepId)]);
      const body = await bodyOf(table, item);
      if (body instanceof StoreProblem) return body;
      const read = 'damage' in body ? body : readState(state);
      if ('damage' in body || 'damage' in read) {
        const why = 'damage' in body ? body.damage : 'damage' in read ? read.damage : '';
        return new StoreProblem(
          'corrupt',
          `the job of sweep ${sweepId} cannot be read from the store: ${why}`,
          'sweep the hosts again',
        );
      }
      return { id: sweepId, job: body.value, ...read };
    },

    async jobState(sweepId) {
      // Closing removes this item, after the body says that it is closed.
      const state = await alive.get(jobKey(sweepId), ['cancelled']);
      if (state === undefined || state instanceof StoreProblem) return state;
      return { isCancelled: state['cancelled']?.BOOL === true };
    },

    async openJobs() {
      const items = await alive.collect({ pk: JOBS, attributes: ['sk'] }, Number.POSITIVE_INFINITY);
      return items instanceof StoreProblem ? items : items.map(sortKeyOf);
    },

    async shardDone(sweepId, shard) {
      const outcome = await table.update(jobKey(sweepId), {
        change: 'ADD done :shard',
        condition: OPEN,
        values: { ':shard': { NS: [String(shard)] } },
      });
      if (outcome instanceof StoreProblem) return outcome;
      return outcome === 'refused' ? 0 : (outcome.changed['done']?.NS?.length ?? 0);
    },

    async shardProgress(sweepId, shard, { done, notSwept }) {
      const outcome = await table.update(jobKey(sweepId), {
        change: 'SET #shard = :progress',
        condition: OPEN,
        names: { '#shard': `shard${shard}` },
        values: { ':progress': { L: [{ N: String(done) }, { N: String(notSwept) }] } },
      });
      return outcome instanceof StoreProblem ? outcome : undefined;
    },

    async cancelJob(sweepId) {
      const outcome = await table.update(jobKey(sweepId), {
        change: 'SET cancelled = :true',
        condition: OPEN,
        values: { ':true': { BOOL: true } },
      });
      return outcome instanceof StoreProblem ? outcome : outcome !== 'refused';
    },

    async closeJob(sweepId) {
      const key = jobBodyKey(sweepId);
      const item = await table.get(key, ['pk', 'parts', 'closed']);
      if (item instanceof StoreProblem) return item;
      if (!item) return undefined;
      // First what keeps it from being opened again: whoever is killed here leaves a job that is closed to every reader.
      const closed = { ...attributesOf(key), closed: { BOOL: true }, expiresAt: { N: String(expiresAt()) } };
      const outcome = item['closed'] ? 'stored' : await table.put(closed);
      if (outcome instanceof StoreProblem) return outcome;
      return (await table.removeAll([jobKey(sweepId)])) ?? (await table.removeAll(partKeysOf(key, item)));
    },
  };
}

const NEW = { expression: 'attribute_not_exists(pk)' };
/** An update of what is not there would make it. */
const OPEN = 'attribute_exists(pk)';
/** What is a week old has been given up by everybody. */
const JOB_SECONDS = 7 * 86_400;

const shardNumber = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const stateSchema = z.object({
  done: z.object({ NS: z.array(shardNumber) }).optional(),
  cancelled: z.object({ BOOL: z.boolean() }).optional(),
});
const countAttribute = z
  .object({ N: z.string() })
  .transform(({ N }) => Number(N))
  .pipe(z.int().min(0));
const progressSchema = z.object({ L: z.tuple([countAttribute, countAttribute]) });

interface JobState {
  doneShards: Set<number>;
  progress: Map<number, ShardProgress>;
  isCancelled: boolean;
}

function readState(item: Item): JobState | { damage: string } {
  const read = stateSchema.safeParse(item);
  if (!read.success) return { damage: 'its shards are not numbers' };
  const progress = new Map<number, ShardProgress>();
  for (const [name, value] of Object.entries(item)) {
    const shard = /^shard(\d{1,9})$/.exec(name)?.[1];
    if (shard === undefined) continue;
    const counts = progressSchema.safeParse(value);
    // How far a shard is is only shown: what cannot be read is not known.
    if (counts.success) progress.set(Number(shard), { done: counts.data.L[0], notSwept: counts.data.L[1] });
  }
  const { done, cancelled } = read.data;
  return { doneShards: new Set(done?.NS ?? []), progress, isCancelled: cancelled?.BOOL ?? false };
}

const firstProblem = (...answers: readonly unknown[]): StoreProblem | undefined =>
  answers.find((answer) => answer instanceof StoreProblem);
