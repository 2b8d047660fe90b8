/** What the chat needs of the world around it; the edges (one machine, the cloud) bring it. */
import type { SweepService } from '../sweep/service.ts';
import type { TellDeps } from '../tell/deps.ts';

/** The signing secret may be in `env`, which is read for each request; `post` is for answers that come late. */
export interface ChatDeps extends TellDeps {
  readonly service: SweepService;
  /** Is given what goes on after a request was answered, for whoever waits for it before everything ends. It never rejects. */
  readonly background?: (work: Promise<void>) => void;
  /** How long the store may take before the answer is acknowledged and follows later; default 800. */
  readonly patienceMs?: number;
  /** Epoch: since when the person waits, as far as the edge can tell from the environment of a request. Absent or undefined: since now. */
  readonly askedAtMs?: (env: unknown) => number | undefined;
}
