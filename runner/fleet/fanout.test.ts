import { expect, test } from 'vitest';
import { fanout } from './fanout.ts';

const options = (width: number, signal = new AbortController().signal) => ({
  width,
  signal,
  onBug: (item: number, error: unknown) => `bug ${item}: ${error}`,
  onUnvisited: (item: number) => `unvisited ${item}`,
});
const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(value), milliseconds));

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

test('results come in the order in which hosts finish', async () => {
  const visit = (item: number) => after(item * 40, `${item}`);
  expect(await collect(fanout([5, 1, 3], visit, options(10)))).toEqual(['1', '3', '5']);
});

test('one slow host never delays the rest', async () => {
  const arrived: number[] = [];
  const visit = (item: number) => after(item === 0 ? 800 : 5, `${item}`);
  const started = performance.now();
  for await (const _ of fanout([0, 1, 2, 3], visit, options(2))) arrived.push(performance.now() - started);
  expect(arrived[2]).toBeLessThan(700);
  expect(arrived).toHaveLength(4);
});

test('no more visits than the width are under way', async () => {
  let now = 0;
  let most = 0;
  const visit = async (item: number) => {
    most = Math.max(most, ++now);
    await after(3, 0);
    now--;
    return `${item}`;
  };
  await collect(fanout(Array(30).keys(), visit, options(4)));
  expect(most).toBe(4);
});

test('a visit that throws, at once or later, becomes its own result and the others go on', async () => {
  const visit = (item: number): Promise<string> => {
    if (item === 1) throw new Error('at once');
    return item === 2 ? after(5, 0).then(() => Promise.reject(new Error('later'))) : after(10, `${item}`);
  };
  const results = await collect(fanout([1, 2, 3], visit, options(3)));
  expect(results.sort()).toEqual(['3', 'bug 1: Error: at once', 'bug 2: Error: later']);
});

test('an interrupt begins no further visit, and each item still has its one result', async () => {
  const abort = new AbortController();
  const visit = (item: number, signal: AbortSignal) =>
    new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve(`cut ${item}`)));
  setTimeout(() => abort.abort(), 20);
  const results = await collect(fanout([1, 2, 3, 4], visit, options(2, abort.signal)));
  expect(results).toEqual(['cut 1', 'cut 2', 'unvisited 3', 'unvisited 4']);
});

test('a result may be undefined, and there may be no items', async () => {
  const undefinedToo = { ...options(2), onBug: () => undefined, onUnvisited: () => undefined };
  expect(await collect(fanout([1, 2], async () => undefined, undefinedToo))).toEqual([undefined, undefined]);
  expect(await collect(fanout([], async () => 'x', options(1)))).toEqual([]);
});

test('many visits listening to one signal warn of no leak', async () => {
  const warnings: string[] = [];
  const onWarning = (warning: Error) => warnings.push(warning.name);
  process.on('warning', onWarning);
  const visit = async (item: number, signal: AbortSignal) => {
    signal.addEventListener('abort', () => {});
    return after(5, `${item}`);
  };
  await collect(fanout(Array(100).keys(), visit, options(100)));
  await after(10, 0);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('a width that is none is a bug of the caller', async () => {
  await expect(collect(fanout([1], async () => 'x', options(0)))).rejects.toThrow(TypeError);
});
