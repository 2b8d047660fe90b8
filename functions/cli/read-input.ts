/** Standard input as a whole, within a limit. */
import type { Streams } from './streams.ts';

/** `what` is to be read, for a person who has to type it. Resolves to what came until its end, or until there was more than `mostBytes` of it. Never rejects. */
export function readInput(
  { stdin, stderr }: Pick<Streams, 'stdin' | 'stderr'>,
  mostBytes: number,
  what: string,
): Promise<Buffer> {
  // Whoever sits before a cursor that does not move should know what it waits for.
  if (stdin.isTTY) stderr.write(`whodisk: reading ${what} from the terminal; Ctrl-D ends it\n`, () => {});
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      stdin.off('data', add);
      stdin.off('end', end);
      stdin.off('error', end);
      stdin.pause();
      resolve(Buffer.concat(chunks));
    };
    const add = (chunk: Buffer | string): void => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      chunks.push(bytes);
      size += bytes.length;
      if (size > mostBytes) end();
    };
    stdin.on('data', add);
    stdin.on('end', end);
    stdin.on('error', end);
    stdin.resume();
  });
}
