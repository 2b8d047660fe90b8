import { expect, test } from 'vitest';
import { createWriteCounter } from './write-counter.ts';

const put = (pk: string, more: object = {}): string =>
  JSON.stringify({ Item: { pk: { S: pk }, sk: { S: 'x' }, ...more } });

test('a write takes a unit for each KB begun, in its own partition and in the index that it is in', () => {
  const counter = createWriteCounter();
  counter.note('PutItem', put('host#db-1', { body: { B: Buffer.alloc(2000).toString('base64') } }), 0);
  counter.note('PutItem', put('sweep#1', { rank: { S: 'r' } }), 0);
  const { kinds, keys } = counter.counts();
  expect(kinds).toEqual({ 'host#': { writes: 1, units: 2 }, 'sweep#': { writes: 1, units: 1 } });
  expect(keys.map(({ key, units }) => [key, units])).toEqual([
    ['host#db-1', 2],
    ['sweep#1', 1],
    ['sweep#1 (index)', 1],
  ]);
});

test('the heat of a key is that of its hottest second', () => {
  const counter = createWriteCounter();
  for (const atMs of [0, 500, 999, 1000, 1500, 2000]) counter.note('PutItem', put('jobs'), atMs);
  expect(counter.counts().keys).toEqual([{ key: 'jobs', units: 6, mostUnitsASecond: 3 }]);
});

test('each item of a batch counts, whether it is put or removed', () => {
  const counter = createWriteCounter();
  const Item = { pk: { S: 'sweep#1' }, sk: { S: 'host#a' } };
  const requests = [{ PutRequest: { Item } }, { DeleteRequest: { Key: Item } }];
  counter.note('BatchWriteItem', JSON.stringify({ RequestItems: { table: requests } }), 0);
  expect(counter.counts().kinds).toEqual({ 'sweep#': { writes: 2, units: 2 } });
});

test('a sweep that is written as ended twice has two endings', () => {
  const counter = createWriteCounter();
  for (const status of ['running', 'complete', 'incomplete'])
    counter.note('PutItem', put('sweeps', { status: { S: status } }), 0);
  expect(counter.counts().endings).toEqual({ x: 2 });
});
