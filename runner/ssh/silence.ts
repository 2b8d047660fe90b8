/** Whether anybody is still at the other end of a connection that lasts as long as a sweep. */
import type { Wire } from './wire.ts';

/** A jump host is asked every two seconds whether it is there (connect.ts): one that says nothing this long is not. */
const SILENCE_CHECK_MS = 1000;
const SILENT_CHECKS = 8;
/** Two questions without an answer: enough to doubt it where something else would be blamed for the silence. */
const DOUBTFUL_CHECKS = 4;

export interface SilenceWatch {
  /** Nothing has come for so long that whoever is behind it is not to be blamed. */
  readonly isDoubtful: () => boolean;
  readonly stop: () => void;
}

/**
 * Calls `onSilence` when nothing comes any more. Whatever comes counts, where ssh2 itself waits for the answer to its question, which
 * may stand in line behind megabytes. Checks are counted instead of seconds: this very process may have been held up.
 */
export function watchForSilence(wire: Wire, onSilence: () => void): SilenceWatch {
  let bytes = wire.bytesReceived();
  let silent = 0;
  const timer = setInterval(() => {
    silent = wire.bytesReceived() === bytes ? silent + 1 : 0;
    bytes = wire.bytesReceived();
    if (silent >= SILENT_CHECKS) onSilence();
  }, SILENCE_CHECK_MS);
  timer.unref();
  return {
    isDoubtful: () => silent >= DOUBTFUL_CHECKS && wire.bytesReceived() === bytes,
    stop: () => clearInterval(timer),
  };
}
