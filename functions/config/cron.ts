/** Cron expressions: the five fields of crontab(5), as croner reads them. */
import { Cron } from 'croner';

/** How croner is to read them everywhere: seconds are no field, since a sweep takes longer than that. */
export const CRON_MODE = '5-part';

/** What is wrong with it, a sentence; undefined where nothing is. */
export function cronProblem(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/u);
  if (cron.length > 200) return 'give five short fields.';
  if (cron.startsWith('@')) return 'give five fields, such as "0 * * * *" for every hour.';
  if (fields.length !== 5) {
    return `give five fields (minute, hour, day of the month, month, day of the week), such as "30 6 * * 1-5"; these are ${cron.trim() === '' ? 0 : fields.length}.`;
  }
  try {
    const isEver = new Cron(cron, { mode: CRON_MODE, timezone: 'UTC', paused: true }).nextRun() !== null;
    return isEver ? undefined : 'no day is like that: it would never run.';
  } catch {
    return 'give five fields (minute, hour, day of the month, month, day of the week), such as "30 6 * * 1-5".';
  }
}
