import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { groupWrites } from './group-writes.ts';
import { StoreProblem } from './problem.ts';
import type { Item } from './table.ts';

const item = (sk: string, note = ''): Item => ({ pk: { S: 'p' }, sk: { S: sk }, note: { S: note } });
const keys = (items: readonly Item[]): string[] => items.map(({ sk }) => sk?.S ?? '');

test('what comes at about the same time is one request, a full one goes at once, and each call is told when its own is written', async () => {
  const requests: string[][] = [];
  const grouped = groupWrites(
    async (items) => {
      requests.push(keys(items));
      return undefined;
    },
    { most: 4, waitMs: 20, width: 1 },
  );
  const first = ['a', 'b', 'c'].map((name) => grouped.add([item(name), item(`${name}2`)]));
  await Promise.all(first);
  expect(requests).toEqual([
    ['a', 'a2', 'b', 'b2'],
    ['c', 'c2'],
  ]);
});

test('a key is named once in a request, as it was said last', async () => {
  const written: Item[] = [];
  const grouped = groupWrites(
    async (items) => {
      written.push(...items);
      return undefined;
    },
    { most: 10, waitMs: 5, width: 1 },
  );
  await Promise.all([grouped.add([item('a', 'old')]), grouped.add([item('a', 'new')])]);
  expect(written).toEqual([item('a', 'new')]);
});

test('no more requests than allowed are under way', async () => {
  let underWay = 0;
  let most = 0;
  const grouped = groupWrites(
    async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(5);
      underWay -= 1;
      return undefined;
    },
    { most: 1, waitMs: 5, width: 3 },
  );
  await Promise.all(Array.from({ length: 20 }, (_, i) => grouped.add([item(`${i}`)])));
  expect(most).toBe(3);
});

test('a store that fails is not waited for once more by each of those in the queue', async () => {
  const problem = new StoreProblem('deadline', 'late', 'wait');
  let requests = 0;
  const grouped = groupWrites(
    async () => {
      requests += 1;
      await sleep(10);
      return problem;
    },
    { most: 1, waitMs: 5, width: 2 },
  );
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => grouped.add([item(`${i}`)])));
  expect(outcomes).toEqual(Array.from({ length: 50 }, () => problem));
  expect(requests).toBeLessThanOrEqual(3);
  await grouped.flush();
});
