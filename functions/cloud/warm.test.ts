import { expect, test } from 'vitest';
import { warm } from './warm.ts';

test('what is made once is kept, also for those who ask while it is being made', async () => {
  let made = 0;
  const get = warm(async () => ++made);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

test('what could not be made is tried again by the next who asks', async () => {
  let tries = 0;
  const get = warm(async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries;
  });
  await expect(get()).rejects.toThrow('not yet');
  expect(await get()).toBe(2);
});
