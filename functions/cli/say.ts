/** A word to the person, on stderr. */
import { encodeText } from '../render/encode.ts';
import type { Streams } from './streams.ts';

/** What it says may be in several lines, and may hold what somebody else wrote. Resolves when it is written. */
export function sayTo({ stderr }: Pick<Streams, 'stderr'>): (text: string) => Promise<void> {
  return (text) =>
    new Promise((resolve) => {
      stderr.write(`whodisk: ${text.split('\n').map(encodeText).join('\n  ')}\n`, () => resolve());
    });
}
