/** What the ways in ask of the sweeps: start, cancel. What is known of a sweep they read from the store. */
import type { Sweep } from '../../runner/report.ts';
import type { Asker } from '../audit-record.ts';
import type { StoreProblem } from '../store/problem.ts';
import type { Tell } from './job.ts';

export interface SweepRequest {
  /** Names, @groups and folded sets of names of the inventory; nothing that the inventory does not know. One at least. */
  readonly targets: readonly string[];
  readonly windowSeconds?: number;
  /** Ask for redacted command lines. */
  readonly args?: boolean;
  readonly trigger: Exclude<Sweep['trigger'], 'cli'>;
  readonly by: Asker;
  readonly tell: readonly Tell[];
  /** Asked again with the same key within a day, the sweep of the first time is answered. Unique for whoever asks: begin it with their id. */
  readonly idempotencyKey?: string;
  /** Hosts outside of these are refused: what a chat user may sweep. */
  readonly mayOnly?: readonly string[];
}

export type Started =
  | { readonly kind: 'started'; readonly sweep: Sweep }
  /** The key was used before, for the same request. */
  | { readonly kind: 'known'; readonly sweep: Sweep }
  /** The key was used before, for another request. */
  | { readonly kind: 'key-reused' }
  /** Words that mean no host of the inventory. `index` is that of the target. */
  | { readonly kind: 'bad-targets'; readonly problems: readonly { readonly index: number; readonly message: string }[] }
  /** Hosts that `mayOnly` leaves out, folded. */
  | { readonly kind: 'forbidden'; readonly hosts: readonly string[] }
  /** `enabled: false`, or a whodisk.yml that cannot be read: a sentence. */
  | { readonly kind: 'stopped'; readonly message: string }
  | { readonly kind: 'store-failed'; readonly problem: StoreProblem };

export interface SweepService {
  /** Resolves once the sweep is in the store and its first message in the queue. Never rejects. */
  start(request: SweepRequest): Promise<Started>;
  /** Hosts under way are given up; the sweep ends as "cancelled" a moment later, with what is known. */
  cancel(sweepId: string, by: Asker): Promise<'cancelled' | 'not-found' | 'ended' | StoreProblem>;
}
