import { expect, test } from 'vitest';
import { serviceSettings } from './service-settings.ts';

test('a host has no more time than whoever visits it', () => {
  const most = { mostDeadlineSeconds: 20 };
  expect(serviceSettings({ args: false }, {}, most)).toMatchObject({ deadlineSeconds: 15 });
  expect(serviceSettings({ args: false, windowSeconds: 15 }, {}, most)).toMatchObject({
    windowSeconds: 15,
    deadlineSeconds: 20,
  });
});

test('a window that leaves a host no time is refused, and it is said how much there is', () => {
  const asked = { args: false, windowSeconds: 30 };
  expect(serviceSettings(asked, {}, { mostDeadlineSeconds: 20 })).toEqual({
    problem: expect.stringMatching(/window of 30 s .* a host has 20 s here/u),
  });
});
