import { expect, test } from 'vitest';
import { linesOf } from '../../test/cloud/lines-of.ts';
import { cloudMetrics } from './metrics.ts';

test('a metric is a line that CloudWatch counts, the same metric whichever function counts it', () => {
  const lines = linesOf(() => {
    const count = cloudMetrics('prod');
    count('SweepIncomplete');
    count('HostsNotSwept', 7);
  });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ service: 'whodisk', stage: 'prod', SweepIncomplete: 1 });
  expect(lines[1]).toMatchObject({ service: 'whodisk', stage: 'prod', HostsNotSwept: 7 });
  expect(lines[0]?._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'whodisk',
      Dimensions: [expect.arrayContaining(['service', 'stage'])],
      Metrics: [{ Name: 'SweepIncomplete', Unit: 'Count' }],
    },
  ]);
  expect(lines[0]?._aws.CloudWatchMetrics[0].Dimensions[0]).toHaveLength(2);
});
