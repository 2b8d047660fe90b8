import { expect, test } from 'vitest';
import { cronProblem } from './cron.ts';

test.each(['* * * * *', '30 6 * * 1-5', '*/15 0-6 1,15 JAN MON', '0 0 29 2 *', '0 12 * * 7', ' 0  0 * * * '])(
  'five fields of crontab(5) are taken: %j',
  (cron) => expect(cronProblem(cron)).toBeUndefined(),
);

test.each([
  ['', 'these are 0'],
  ['* * * *', 'these are 4'],
  // Seconds, then a year: a sweep takes longer than a second.
  ['0 30 6 * * 1-5', 'these are 6'],
  ['0 30 6 * * 1-5 2030', 'these are 7'],
  ['@daily', 'give five fields'],
  ['60 * * * *', 'give five fields'],
  ['* * * * FOO', 'give five fields'],
  ['0 0 31 2 *', 'it would never run'],
  [`${'1,'.repeat(500)}1 * * * *`, 'short'],
])('what is none is refused in words: %j', (cron, words) => expect(cronProblem(cron)).toContain(words));
