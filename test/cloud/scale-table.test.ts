import { expect, test } from 'vitest';
import type { Package } from './packaged.ts';
import type { ScaleResult } from './scale-round.ts';
import { heatOf } from './scale-table.ts';

const packaged = {
  template: {
    Resources: {
      Shards: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ScalingConfig: { MaximumConcurrency: 10 } } },
    },
  },
  functions: new Map([['worker', { memoryMb: 1769 }]]),
} as unknown as Package;

const result = (hosts: number, units: number): ScaleResult =>
  ({
    shards: Math.ceil(hosts / 200),
    written: { keys: [{ key: 'sweep#1', units, mostUnitsASecond: 1 }] },
  }) as unknown as ScaleResult;

test('a key is as hot as what it gets in the waves of the workers', () => {
  const { sweepSeconds, keys } = heatOf(result(4000, 4000), 4000, packaged);
  // Two waves of ten shards, each a window of 5 s and 200 hosts of 5 ms.
  expect(sweepSeconds).toBe(12);
  expect(keys).toMatchObject([{ unitsASecond: 4000 / 12, burstUnitsASecond: 2000, drainSeconds: 2 }]);
});

test('a sweep that is one small wave has no more workers than shards', () => {
  expect(heatOf(result(200, 400), 200, packaged).keys).toMatchObject([{ burstUnitsASecond: 400, drainSeconds: 1 }]);
});
