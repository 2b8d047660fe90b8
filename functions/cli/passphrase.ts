/** Asking for the passphrase of a private key, without showing what is typed. */
import { encodeText } from '../render/encode.ts';
import type { Streams } from './streams.ts';

/** Resolves to undefined where the person gives up (Ctrl-C, Ctrl-D on an empty line). */
export type AskPassphrase = (file: string) => Promise<string | undefined>;

/**
 * Absent where there is no terminal to ask on. Each file is asked for once, however many hosts want it. A terminal that does
 * not echo does not turn Ctrl-C into a signal either: `onInterrupt` is called instead.
 */
export function passphrasePrompt(
  streams: Pick<Streams, 'stdin' | 'stderr'>,
  onInterrupt: () => void,
): AskPassphrase | undefined {
  const { stdin, stderr } = streams;
  if (!stdin.isTTY || !stderr.isTTY || stdin.setRawMode === undefined) return undefined;
  const answers = new Map<string, Promise<string | undefined>>();
  let earlier: Promise<unknown> = Promise.resolve();
  return (file) => {
    const known = answers.get(file);
    if (known) return known;
    // Two keys: two questions, one after the other.
    const answer = earlier.then(() => ask(file, streams, onInterrupt));
    earlier = answer;
    answers.set(file, answer);
    return answer;
  };
}

function ask(
  file: string,
  { stdin, stderr }: Pick<Streams, 'stdin' | 'stderr'>,
  onInterrupt: () => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const decoder = new TextDecoder();
    let typed: string[] = [];
    const end = (answer: string | undefined): void => {
      stdin.off('data', read);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write('\n', () => resolve(answer));
    };
    const read = (chunk: Buffer | string): void => {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      for (const key of text) {
        if (key === '\r' || key === '\n') {
          end(typed.join(''));
          return;
        }
        if (key === '\u0003') onInterrupt();
        if (key === '\u0003' || (key === '\u0004' && typed.length === 0)) {
          end(undefined);
          return;
        }
        if (key === '\u007f' || key === '\b') typed.pop();
        else if (key === '\u0015') typed = [];
        else if (key >= ' ') typed.push(key);
      }
    };
    stdin.setRawMode?.(true);
    stdin.on('data', read);
    stdin.resume();
    stderr.write(`Passphrase for ${encodeText(file)}: `, () => {});
  });
}
