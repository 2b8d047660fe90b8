import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { idleDeadline } from './idle-deadline.ts';

/** Keeps the event loop from ever being idle. */
async function busy(ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const slice = performance.now() + 20;
    while (performance.now() < slice);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('time in which this process was busy does not count, time in which it waited does', async () => {
  let late = 0;
  idleDeadline(300, () => {
    late += 1;
  });
  await busy(900);
  expect(late).toBe(0);
  await sleep(1000);
  expect(late).toBe(1);
});

test('what was called off is never late', async () => {
  let late = 0;
  const callOff = idleDeadline(50, () => {
    late += 1;
  });
  callOff();
  await sleep(200);
  expect(late).toBe(0);
});
