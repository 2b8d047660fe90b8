import { expect, test } from 'vitest';
import { timeToCloseMs } from './time-to-close.ts';

const amount = { hosts: 1000, shardHosts: 200, forks: 256, deadlineSeconds: 15 };

test('a sweep waits for the two redeliveries of a worker that has vanished, where its queue notices that late', () => {
  expect(timeToCloseMs({ ...amount, redeliverySeconds: 540 }) - timeToCloseMs(amount)).toBe(2 * 540_000);
});

test('more hosts, longer visits and fewer at a time give a sweep more time', () => {
  const base = timeToCloseMs(amount);
  for (const more of [{ hosts: 2000 }, { deadlineSeconds: 60 }, { forks: 10 }]) {
    expect(timeToCloseMs({ ...amount, ...more })).toBeGreaterThan(base);
  }
});
