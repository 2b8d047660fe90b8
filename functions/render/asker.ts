/** Who asked, exactly: two people of one name are told apart by their ids. */
import type { Asker } from '../audit-record.ts';
import { encodeText } from './encode.ts';

/** Encoded: 'ann (command line)', 'token grafana (01JD…)', '@ann in C1 of T1 (Slack U1)', 'schedule nightly', 'alert DiskFull by token am (01JD…)'. */
export function askerText(by: Asker): string {
  return encodeText(plainText(by));
}

function plainText(by: Asker): string {
  switch (by.kind) {
    case 'cli':
      return `${by.user} (command line)`;
    case 'api':
      return `token ${by.token} (${by.id})`;
    case 'chat':
      return `${by.userName === undefined ? '' : `@${by.userName} `}in ${by.channel} of ${by.team} (Slack ${by.user})`;
    case 'schedule':
      return `schedule ${by.name}`;
    case 'alert':
      return `alert ${by.alerts.join(', ')} by token ${by.token} (${by.id})`;
    default:
      return by satisfies never;
  }
}

/** The same in a few words, without ids: 'ann', 'token grafana', '@ann in C1', 'schedule nightly', 'alert DiskFull'. Encoded. */
export function askerShort(by: Asker): string {
  return encodeText(askerWords(by));
}

/** Not encoded: names are those that people gave. So it stands in `by` of a sweep, where whoever asked is told apart from others by it. */
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
