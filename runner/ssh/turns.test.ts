import { expect, test } from 'vitest';
import { TimeBudget } from './time-budget.ts';
import { createTurns } from './turns.ts';

test('no more handshakes than allowed are under way, and each answer reaches its own caller', async () => {
  const turns = createTurns(3, 10_000);
  let now = 0;
  let most = 0;
  const work = (value: number) => async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now--;
    return value;
  };
  const answers = await Promise.all(Array.from({ length: 20 }, (_, value) => turns(work(value))));
  expect(answers).toEqual(Array.from({ length: 20 }, (_, value) => value));
  expect(most).toBe(3);
});

test('handshakes that stall do not hold up those behind them', async () => {
  const turns = createTurns(2, 50);
  const stalled = Array.from({ length: 2 }, () => turns(() => new Promise<never>(() => {})));
  expect(await turns(async () => 'through')).toBe('through');
  expect(stalled).toHaveLength(2);
});

test('an exception reaches its caller and frees the turn', async () => {
  const turns = createTurns(1);
  await expect(turns(() => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
  expect(await turns(async () => 1)).toBe(1);
});

test('waiting for a turn is not counted against the host', () => {
  let now = 0;
  const budget = new TimeBudget(1000, () => now);
  now = 700;
  budget.extend(600);
  expect(budget.remainingMs()).toBe(900);
  now = 5000;
  expect(budget.remainingMs()).toBe(0);
});
