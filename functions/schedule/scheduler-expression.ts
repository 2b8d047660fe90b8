/**
 * Cron expressions as EventBridge Scheduler takes them: six fields, the last one the year; days of the week are 1 to 7 from Sunday on; and
 * one of the two fields for days is "?" (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based).
 */

/**
 * Where days of the month and days of the week are both given, crontab(5) means either, which takes an expression for each; so do special
 * days such as "L" beside others. A day that several of them name is fired for several times, at the same minute.
 *
 * @param cron one that cronProblem (functions/config/cron.ts) finds nothing wrong with
 * @returns each as "cron(…)", or a sentence: what Scheduler cannot do
 */
export function schedulerExpressions(cron: string): readonly string[] | { readonly problem: string } {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().toLowerCase().split(/\s+/u);
  const days = dayTerms(day, weekday);
  if ('problem' in days) return days;
  const times = `${listOf(MINUTES, minute)} ${listOf(HOURS, hour)}`;
  return days.map((term) => `cron(${times} ${term.day} ${listOf(MONTHS, month)} ${term.weekday} *)`);
}

interface Field {
  readonly first: number;
  readonly last: number;
  /** What a value, name or number, stands for. */
  readonly valueIn: (word: string) => number;
  readonly wordFor: (value: number) => string;
}

const number = (first: number, last: number): Field => ({ first, last, valueIn: Number, wordFor: String });
const MINUTES = number(0, 59);
const HOURS = number(0, 23);
const DAYS = number(1, 31);
const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTHS: Field = { ...number(1, 12), valueIn: (word) => MONTH_NAMES.indexOf(word) + 1 || Number(word) };
const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEKDAYS: Field = {
  first: 0,
  last: 6,
  valueIn: (word) => (DAY_NAMES.includes(word) ? DAY_NAMES.indexOf(word) : Number(word)),
  wordFor: (value) => DAY_NAMES[value]?.toUpperCase() ?? '',
};

interface DayTerm {
  readonly day: string;
  readonly weekday: string;
}

/** Any of them. */
function dayTerms(day: string, weekday: string): readonly DayTerm[] | { readonly problem: string } {
  const isAny = (field: string): boolean => field === '*' || field === '?';
  const both = weekday.startsWith('+');
  const wanted = both ? weekday.slice(1) : weekday;
  if (isAny(wanted)) return isAny(day) ? [EVERY_DAY] : monthDayTerms(day);
  if (isAny(day)) return weekdayTerms(wanted);
  if (both) {
    return {
      problem: 'it wants a day of the month and of the week at once ("+"), which EventBridge Scheduler cannot do.',
    };
  }
  const [months, weeks] = [monthDayTerms(day), weekdayTerms(wanted)];
  if ('problem' in months) return months;
  if ('problem' in weeks) return weeks;
  const all = [...months, ...weeks];
  return all.some((term) => term.day === '*') ? [EVERY_DAY] : all;
}

const EVERY_DAY: DayTerm = { day: '*', weekday: '?' };

function monthDayTerms(field: string): readonly DayTerm[] | { readonly problem: string } {
  const parts = field.split(',');
  if (parts.includes('lw')) {
    return {
      problem: 'it wants the last working day of the month ("LW"), which EventBridge Scheduler does not promise.',
    };
  }
  const isSpecial = (part: string): boolean => /[lw]/u.test(part);
  const plain = parts.filter((part) => !isSpecial(part));
  return [
    ...(plain.length > 0 ? [{ day: listOf(DAYS, plain.join(',')), weekday: '?' }] : []),
    ...parts.filter(isSpecial).map((part) => ({ day: part.toUpperCase(), weekday: '?' })),
  ];
}

function weekdayTerms(field: string): readonly DayTerm[] | { readonly problem: string } {
  const parts = field.split(',');
  if (parts.some((part) => /[0-9]l$|^[a-z]{3}l$/u.test(part))) {
    return {
      problem: 'it wants the last such weekday of a month ("5L"), which EventBridge Scheduler does not promise.',
    };
  }
  const plain = parts.filter((part) => !part.includes('#'));
  const week = listOf(WEEKDAYS, plain.join(','));
  if (plain.length > 0 && week === '*') return [EVERY_DAY];
  const nth = parts.flatMap((part) => {
    const [days = '', which] = part.split('#');
    return which === undefined ? [] : [...valuesOf(WEEKDAYS, days)].map((value) => `${value + 1}#${which}`);
  });
  return [...(plain.length > 0 ? [week] : []), ...new Set(nth)].map((weekday) => ({ day: '?', weekday }));
}

/** The shortest list of ranges; "*" for all. */
function listOf(field: Field, text: string): string {
  const { first, last, wordFor } = field;
  const values = valuesOf(field, text);
  if (values.size === last - first + 1) return '*';
  const ranges: string[] = [];
  for (let from = first; from <= last; from++) {
    if (!values.has(from)) continue;
    let to = from;
    while (values.has(to + 1)) to++;
    ranges.push(from === to ? wordFor(from) : `${wordFor(from)}-${wordFor(to)}`);
    from = to;
  }
  return ranges.join(',');
}

/** Of a list of values, ranges "a-b" and steps, "a-b/n" and "*" with "/n". */
function valuesOf(field: Field, text: string): Set<number> {
  const { first, last, valueIn } = field;
  const values = new Set<number>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [low = '', high = low] = range.split('-');
    const isAll = range === '*' || range === '?';
    const from = isAll ? first : valueIn(low);
    // As the end of a range Sunday is the 7th day of the week.
    const to = isAll ? last : field === WEEKDAYS && high === 'sun' && low !== 'sun' ? SUNDAY_AS_LAST : valueIn(high);
    for (let value = from; value <= to; value += Number(step)) {
      values.add(field === WEEKDAYS && value === SUNDAY_AS_LAST ? 0 : value);
    }
  }
  return values;
}

const SUNDAY_AS_LAST = 7;
