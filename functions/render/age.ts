/** When something was, as a person asks for it: how long ago, at which time in UTC, and how long it took. */
import type { Sweep } from '../../runner/report.ts';
import { inTime } from '../../runner/triage/words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "12 seconds ago", "4 minutes ago", "3 hours ago", "2 days ago"; "later than this clock" where the clocks disagree. */
export function agoText(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  if (Number.isNaN(age)) return 'at an unknown time';
  if (age < -MINUTE) return 'later than this clock';
  if (age < 10 * SECOND) return 'just now';
  const [count, unit] = inUnits(age);
  const names = { s: 'second', m: 'minute', h: 'hour', d: 'day' } as const;
  return `${count} ${names[unit]}${count === 1 ? '' : 's'} ago`;
}

/** The same for a column: "12s", "1m44s", "4m", "3h", "2d"; "" where it cannot be said. */
export function agoShort(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  if (Number.isNaN(age) || age < -MINUTE) return '';
  const [count, unit] = inUnits(Math.max(0, age));
  const smaller = SMALLER[unit];
  if (smaller === undefined || count < smaller.inLarger) return `${count}${unit}`;
  const left = count % smaller.inLarger;
  return `${Math.floor(count / smaller.inLarger)}${smaller.larger}${left === 0 ? '' : String(left).padStart(2, '0') + unit}`;
}

/** `inUnits` counts on in the smaller unit up to two of the larger one: that is exact, but "104s" makes a reader divide. */
const SMALLER = {
  s: { inLarger: 60, larger: 'm' },
  m: { inLarger: 60, larger: 'h' },
  h: { inLarger: 24, larger: 'd' },
  d: undefined,
} as const;

function inUnits(ageMs: number): [number, 's' | 'm' | 'h' | 'd'] {
  if (ageMs < 2 * MINUTE) return [Math.floor(ageMs / SECOND), 's'];
  if (ageMs < 2 * HOUR) return [Math.floor(ageMs / MINUTE), 'm'];
  if (ageMs < 2 * DAY) return [Math.floor(ageMs / HOUR), 'h'];
  return [Math.floor(ageMs / DAY), 'd'];
}

/** "2018-12-05 15:23:06 UTC" of an RFC 3339 time in UTC, which is what reports hold. */
export function utcText(rfc3339: string): string {
  return `${rfc3339.slice(0, 19).replace('T', ' ')} UTC`;
}

/** "2018-12-05 15:23". */
export function utcMinute(rfc3339: string): string {
  return rfc3339.slice(0, 16).replace('T', ' ');
}

/** "5.8 s" from the start of a sweep to its end; "0 ms" of one that has none yet. */
export function tookText({ startedAt, finishedAt = startedAt }: Sweep): string {
  return inTime(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)));
}
