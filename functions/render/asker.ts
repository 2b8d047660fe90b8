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

/** The same for a column, without ids: 'ann', 'token grafana', '@ann in C1', 'schedule nightly', 'alert DiskFull'. Encoded. */
export function askerShort(by: Asker): string {
  switch (by.kind) {
    case 'cli':
      return encodeText(by.user);
    case 'api':
      return encodeText(`token ${by.token}`);
    case 'chat':
      return encodeText(`@${by.userName ?? by.user} in ${by.channel}`);
    case 'schedule':
      return encodeText(`schedule ${by.name}`);
    case 'alert':
      return encodeText(`alert ${by.alerts.join(', ')}`);
    default:
      return by satisfies never;
  }
}
