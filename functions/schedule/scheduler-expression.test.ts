import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CRON_MODE, cronProblem } from '../config/cron.ts';
import { schedulerExpressions } from './scheduler-expression.ts';

describe('a cron expression for EventBridge Scheduler', () => {
  test.each([
    ['0 * * * *', ['cron(0 * * * ? *)']],
    ['30 6 * * 1-5', ['cron(30 6 ? * MON-FRI *)']],
    ['30 6 * * mon-sun', ['cron(30 6 * * ? *)']],
    ['*/15 8-17/3 * jan,3-5 7', ['cron(0,15,30,45 8,11,14,17 ? 1,3-5 SUN *)']],
    ['0 3 1,15 * *', ['cron(0 3 1,15 * ? *)']],
    // Either, as crontab(5) says.
    ['0 3 1 * MON', ['cron(0 3 1 * ? *)', 'cron(0 3 ? * MON *)']],
    ['0 3 1 * 0-6', ['cron(0 3 * * ? *)']],
    ['0 3 L * *', ['cron(0 3 L * ? *)']],
    ['0 3 1,15w * *', ['cron(0 3 1 * ? *)', 'cron(0 3 15W * ? *)']],
    ['0 3 * * tue#2,5', ['cron(0 3 ? * FRI *)', 'cron(0 3 ? * 3#2 *)']],
  ])('%s is %j', (cron, expected) => {
    expect(cronProblem(cron)).toBeUndefined();
    expect(schedulerExpressions(cron)).toEqual(expected);
  });

  test.each([
    ['0 3 13 * +5', 'at once'],
    ['0 3 LW * *', 'last working day'],
    ['0 3 * * 5L', 'last such weekday'],
    ['0 3 * * FRIL', 'last such weekday'],
  ])('says what Scheduler cannot do: %s', (cron, words) => {
    expect(cronProblem(cron)).toBeUndefined();
    expect(schedulerExpressions(cron)).toEqual({ problem: expect.stringContaining(words) });
  });

  test('fires at the very minutes of a year at which the service of one machine fires', () => {
    fc.assert(
      fc.property(crons, (cron) => {
        if (cronProblem(cron) !== undefined) return;
        const expressions = schedulerExpressions(cron);
        if ('problem' in expressions) throw new Error(expressions.problem);
        for (const expression of expressions) expect(expression.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        const days = YEAR.filter((day) => expressions.some((expression) => firesOn(expression, day)));
        const times = timesOf(expressions[0] ?? '');
        expect({ days: days.map(({ text }) => text), times }).toEqual(firesOfCroner(cron));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

/** What the API takes. */
const MOST_CHARACTERS = 256;

const range = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
const field = (min: number, max: number, ...more: fc.Arbitrary<string>[]) => {
  const step = fc.integer({ min: 1, max: max - min + 1 });
  const part = fc.oneof(
    fc.integer({ min, max }).map(String),
    range(min, max),
    fc.tuple(range(min, max), step).map(([between, by]) => `${between}/${by}`),
    step.map((by) => `*/${by}`),
    ...more,
  );
  return fc.oneof(
    fc.constant('*'),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
};
const crons = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    field(
      1,
      31,
      fc.constant('L'),
      fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
    ),
    field(1, 12, fc.constantFrom('jan', 'Dec', 'mar-may')),
    field(
      0,
      7,
      fc.constantFrom('sun', 'MON', 'tue-thu', 'fri-sun'),
      fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
    ),
  )
  .map((fields) => fields.join(' '));

interface Day {
  readonly text: string;
  readonly date: Date;
}

const YEAR: readonly Day[] = Array.from({ length: 366 }, (_, index) => {
  const date = new Date(Date.UTC(2028, 0, 1 + index));
  return { date, text: date.toISOString().slice(0, 10) };
});

/** The days of the year, and the times of a day, at which croner fires. */
function firesOfCroner(cron: string): { days: string[]; times: string[] } {
  const [minute, hour, ...days] = cron.split(' ');
  // An offset, not the zone UTC, which is asked of Intl each time.
  const clock = { mode: CRON_MODE, utcOffset: 0, paused: true } as const;
  const [onDays, atTimes] = [new Cron(`0 0 ${days.join(' ')}`, clock), new Cron(`${minute} ${hour} * * *`, clock)];
  return {
    days: YEAR.filter(({ date }) => onDays.match(date)).map(({ text }) => text),
    times: TIMES.filter((time) => atTimes.match(new Date(`2028-01-01T${time}:00Z`))),
  };
}

const two = (value: number): string => String(value).padStart(2, '0');
const TIMES = Array.from({ length: 1440 }, (_, index) => `${two(Math.floor(index / 60))}:${two(index % 60)}`);

/** An evaluator of what AWS documents, as little as is written here: it knows nothing of crontab(5). */
function fieldsOf(expression: string): string[] {
  const inside = /^cron\(([^()]+)\)$/u.exec(expression)?.[1]?.split(' ') ?? [];
  expect(inside).toHaveLength(6);
  return inside;
}

function takes(text: string, value: number, names: readonly string[] = []): boolean {
  const numberOf = (word = ''): number => (names.includes(word) ? names.indexOf(word) + 1 : Number(word));
  return text.split(',').some((part) => {
    if (part === '*') return true;
    const [low, high = low] = part.split('-');
    return numberOf(low) <= value && value <= numberOf(high);
  });
}

function timesOf(expression: string): string[] {
  const [minute = '', hour = ''] = fieldsOf(expression);
  return TIMES.filter((time) => takes(hour, Number(time.slice(0, 2))) && takes(minute, Number(time.slice(3))));
}

const WEEK = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function firesOn(expression: string, { date }: Day): boolean {
  const [, , day = '', month = '', weekday = '', year] = fieldsOf(expression);
  expect(year).toBe('*');
  expect([day, weekday].filter((part) => part === '?')).toHaveLength(1);
  if (!takes(month, date.getUTCMonth() + 1)) return false;
  const ofMonth = date.getUTCDate();
  const ofWeek = date.getUTCDay() + 1;
  if (weekday === '?') {
    const last = new Date(Date.UTC(2028, date.getUTCMonth() + 1, 0)).getUTCDate();
    if (day === 'L') return ofMonth === last;
    const nearest = /^(\d+)W$/u.exec(day)?.[1];
    return nearest === undefined ? takes(day, ofMonth) : ofMonth === workdayNear(Number(nearest), date, last);
  }
  const nth = /^(\d)#(\d)$/u.exec(weekday);
  if (nth === null) return takes(weekday, ofWeek, WEEK);
  return ofWeek === Number(nth[1]) && Math.ceil(ofMonth / 7) === Number(nth[2]);
}

/** The working day nearest to it, in the same month. */
function workdayNear(day: number, date: Date, last: number): number | undefined {
  if (day > last) return undefined;
  const near = [0, -1, 1, -2, 2].map((by) => day + by).filter((each) => each >= 1 && each <= last);
  return near.find((each) => {
    const ofWeek = new Date(Date.UTC(2028, date.getUTCMonth(), each)).getUTCDay();
    return ofWeek !== 0 && ofWeek !== 6;
  });
}
