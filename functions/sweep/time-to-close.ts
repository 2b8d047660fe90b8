/** When a sweep is closed at the latest. It is for workers that vanish without a word: whoever works is long done by then. */
export interface Amount {
  readonly hosts: number;
  readonly shardHosts: number;
  readonly forks: number;
  readonly deadlineSeconds: number;
  /** How long a message of a worker that has vanished is not delivered again. */
  readonly redeliverySeconds?: number | undefined;
}

/** In milliseconds from the start. Each host may first wait for another sweep that visits it. */
export function timeToCloseMs({ hosts, shardHosts, forks, deadlineSeconds, redeliverySeconds = 0 }: Amount): number {
  const width = Math.min(forks, shardHosts, LEAST_WIDTH);
  const waves = Math.ceil(Math.min(hosts, shardHosts) / width);
  const shardSeconds = waves * (2 * deadlineSeconds + TURN_SECONDS);
  const vanishedSeconds = MOST_REDELIVERIES * redeliverySeconds;
  return (FLOOR_SECONDS + vanishedSeconds + Math.ceil(hosts / shardHosts) * shardSeconds) * 1000;
}

/** A machine with few descriptors may visit no more at a time. */
const LEAST_WIDTH = 50;
const TURN_SECONDS = 12;
/** Others' sweeps that are in the queue before it, and every redelivery where it is soon noticed that a worker has vanished. */
const FLOOR_SECONDS = 600;
/** A message is received three times. */
const MOST_REDELIVERIES = 2;
