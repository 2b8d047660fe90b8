/** Writing to stdout so that every byte is out, or it is known why not, before the command ends. */
import type { Output } from './streams.ts';

export interface Results {
  /** Resolves when the text is with the operating system, or cannot get there any more. Never rejects. */
  write(text: string): Promise<void>;
  /** What went wrong: `reader-gone` (EPIPE: `whodisk | head -1`) is no fault and stays quiet. */
  problem(): 'reader-gone' | Error | undefined;
  release(): void;
}

/** `onReaderGone` is called once, when nobody reads any more: work for them may stop. */
export function openResults(stdout: Output, onReaderGone: () => void): Results {
  let problem: 'reader-gone' | Error | undefined;
  const note = (error: NodeJS.ErrnoException): void => {
    if (problem !== undefined) return;
    problem = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? 'reader-gone' : error;
    if (problem === 'reader-gone') onReaderGone();
  };
  stdout.on('error', note);
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (problem !== undefined) return resolve();
        stdout.write(text, (error) => {
          if (error) note(error);
          resolve();
        });
      }),
    problem: () => problem,
    // A late EPIPE without a listener would end the process with a stack trace.
    release: () => {
      stdout.on('error', () => {});
      stdout.off('error', note);
    },
  };
}
