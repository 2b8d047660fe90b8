/** What a function would leave in its log: the lines of JSON that Powertools writes to stdout and stderr. */
import { vi } from 'vitest';

export function linesOf(act: () => void): ReturnType<typeof JSON.parse>[] {
  let text = '';
  const take = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(take));
  try {
    act();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}
