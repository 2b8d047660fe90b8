import { expect, test } from 'vitest';
import { agoShort, agoText, utcMinute, utcText } from './age.ts';

const NOW = Date.parse('2018-12-05T15:27:10.000Z');
const SECOND = 1000;
const DAY = 86_400 * SECOND;

test.each<[ageMs: number, text: string, short: string]>([
  [0, 'just now', '0s'],
  [9_999, 'just now', '9s'],
  [12 * SECOND, '12 seconds ago', '12s'],
  [60 * SECOND, '60 seconds ago', '1m'],
  [64 * SECOND, '64 seconds ago', '1m04s'],
  [119 * SECOND, '119 seconds ago', '1m59s'],
  [240 * SECOND, '4 minutes ago', '4m'],
  [7_199 * SECOND, '119 minutes ago', '1h59m'],
  [3 * 3600 * SECOND, '3 hours ago', '3h'],
  [47 * 3600 * SECOND, '47 hours ago', '1d23h'],
  [2 * DAY, '2 days ago', '2d'],
  [400 * DAY, '400 days ago', '400d'],
])('%d ms ago', (ageMs, text, short) => {
  expect(agoText(NOW - ageMs, NOW)).toBe(text);
  expect(agoShort(NOW - ageMs, NOW)).toBe(short);
});

test('clocks that disagree, and times that are none, are said and not counted', () => {
  expect(agoText(NOW + 2_000, NOW)).toBe('just now');
  expect(agoText(NOW + DAY, NOW)).toBe('later than this clock');
  expect(agoShort(NOW + DAY, NOW)).toBe('');
  expect(agoText(Number.NaN, NOW)).toBe('at an unknown time');
});

test('times are shown in UTC', () => {
  expect(utcText('2018-12-05T15:23:06.800Z')).toBe('2018-12-05 15:23:06 UTC');
  expect(utcMinute('2018-12-05T15:23:06.800Z')).toBe('2018-12-05 15:23');
});
