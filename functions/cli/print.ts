/** A whole text to stdout, and what becomes of it. */
import { FAILED } from './exit-status.ts';
import { openResults } from './results.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';

/** Resolves to the exit status: 0, and where stdout cannot be written, which is said, 1. A reader that went away is no fault. */
export async function print(text: string, streams: Pick<Streams, 'stdout' | 'stderr'>): Promise<number> {
  const results = openResults(streams.stdout, () => {});
  await results.write(text);
  const problem = results.problem();
  results.release();
  if (!(problem instanceof Error)) return 0;
  await sayTo(streams)(`the output cannot be written: ${problem.message}`);
  return FAILED;
}
