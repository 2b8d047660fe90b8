/** Times of day as tools print them: 24 hours, or 12 with AM and PM; ISO 8601 dates before them do not matter. */
const CLOCK = /(?:^|[\sT])(\d{1,2}):(\d\d):(\d\d)([.,]\d{1,9})?(?:\s*([AP])M\b)?/iu;

/** Seconds since midnight. undefined where there is no time in it. */
export function clockOf(text: string): number | undefined {
  const [, hours, minutes, seconds, fraction = '.0', half] = CLOCK.exec(text) ?? [];
  if (hours === undefined) return undefined;
  // 12 AM is midnight, 12 PM noon.
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0);
  const clock = hour * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction.replace(',', '.'));
  return clock < DAY_SECONDS ? clock : undefined;
}

const DAY_SECONDS = 24 * 3600;

/** From the one to the other the shorter way round, since nothing tells the day. */
export function secondsApart(one: number, other: number): number {
  const apart = Math.abs(one - other);
  return Math.min(apart, DAY_SECONDS - apart);
}
