/** What goes through the queue: ids only, since everything else is in the store. */
import * as z from 'zod';

export const messageSchema = z.discriminatedUnion('kind', [
  /** Cuts the hosts into shards. */
  z.object({ kind: z.literal('plan'), sweepId: z.string() }),
  /** Visits the hosts of one shard. */
  z.object({ kind: z.literal('shard'), sweepId: z.string(), shard: z.int().min(0) }),
  /** Ranks, ends the sweep and tells. */
  z.object({ kind: z.literal('finish'), sweepId: z.string() }),
]);
export type Message = z.infer<typeof messageSchema>;

export interface Queue {
  /** Resolves when they will be delivered, at least once each. @throws where they will not */
  send(messages: readonly Message[]): Promise<void>;
}
