/** Who asked, in a few words, for lists of sweeps. */
import type { Asker } from '../audit-record.ts';

/** Not encoded: names are those that people gave. */
export function askerWords(by: Asker): string {
  switch (by.kind) {
    case 'cli':
      return by.user;
    case 'api':
      return `token ${by.token}`;
    case 'chat':
      return `@${by.userName ?? by.user} in ${by.channel}`;
    case 'schedule':
      return `schedule ${by.name}`;
    case 'alert':
      return `alert ${by.alerts.slice(0, MOST_ALERTS).join(', ')}${by.alerts.length > MOST_ALERTS ? ', …' : ''}`;
    default:
      return by satisfies never;
  }
}

const MOST_ALERTS = 3;
