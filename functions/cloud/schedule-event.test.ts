import { expect, test } from 'vitest';
import { readScheduleEvent } from './schedule-event.ts';

test('a schedule fires for the minute that EventBridge names, however late it comes', () => {
  const event = { schedule: 'nightly', scheduledTime: '2026-11-28T06:30:00Z', more: 1 };
  expect(readScheduleEvent(event)).toEqual({ name: 'nightly', atMs: Date.UTC(2026, 10, 28, 6, 30) });
});

test.each([
  {},
  null,
  { schedule: 'nightly' },
  { schedule: 'nightly', scheduledTime: '<aws.scheduler.scheduled-time>' },
])('an event that is none, such as %j, is an error of the function', (event) => {
  expect(() => readScheduleEvent(event)).toThrow();
});
