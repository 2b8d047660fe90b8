import { expect, test } from 'vitest';
import { invocationLimits } from './invocation-limits.ts';

test('a message is to be answered some seconds before Lambda cuts its function off', () => {
  const limits = invocationLimits({ getRemainingTimeInMillis: () => 90_000 }, () => 1_000_000);
  expect(limits.endsByMs).toBe(1_088_000);
  expect([limits.stopBeginning.aborted, limits.giveUp.aborted]).toEqual([false, false]);
});
