/** What a sweep of the service is to do: kept in the store from when it is asked for until its results are told. */
import * as z from 'zod';
import { sweepSchema } from '../../runner/report.ts';
import { askerSchema } from '../audit-record.ts';

/** To whom the results go. */
export const tellSchema = z.discriminatedUnion('kind', [
  /** The response_url of a Slack command or button: a secret of half an hour. */
  z.object({ kind: z.literal('slack-response'), url: z.string() }),
  /** An entry of `tell` in whodisk.yml. */
  z.object({
    kind: z.literal('destination'),
    name: z.string(),
    /** Only where something is new, worse or gone since the earlier sweep by the same asker (`sweep.by`). */
    onlyChanges: z.boolean(),
    /** Hosts that are less bad are no news: "saturated" counts hung and saturated ones, "busy" those as well. */
    watch: z.enum(['saturated', 'busy']),
  }),
]);
export type Tell = z.infer<typeof tellSchema>;

export const jobSchema = z.object({
  /** As it was when it was queued. */
  sweep: sweepSchema,
  by: askerSchema,
  /** The hosts' names in the inventory, unique. Shard i is `names[i * shardHosts]` and those after it. */
  names: z.array(z.string()),
  shardHosts: z.int().min(1),
  deadlineSeconds: z.number(),
  args: z.boolean(),
  /** Epoch: by then it is closed, whatever has become of its workers. */
  closesByMs: z.number(),
  tell: z.array(tellSchema),
});
export type Job = z.infer<typeof jobSchema>;

export const shardCount = ({ names, shardHosts }: Job): number => Math.ceil(names.length / shardHosts);

/** @param shard from 0 */
export const namesOfShard = ({ names, shardHosts }: Job, shard: number): string[] =>
  names.slice(shard * shardHosts, (shard + 1) * shardHosts);
