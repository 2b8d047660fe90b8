/** What a month of sweeps costs in AWS, by arithmetic: docs/serverless.md shows it as a table, which a test holds against this. Pure. */

/** US dollars, us-east-1, as noted on 2026-11-28 from the public price pages; no free tier. */
export const PRICES = {
  lambdaGbSecond: 0.0000133334, // arm64
  lambdaRequest: 0.2 / 1e6,
  writeUnit: 0.625 / 1e6, // DynamoDB on demand, of an item's KB begun
  readUnit: 0.125 / 1e6, // of 4 KB begun, read consistently
  storedGbMonth: 0.25,
  recoveryGbMonth: 0.2, // point-in-time recovery
  sqsRequest: 0.4 / 1e6,
  secretMonth: 0.4,
  metricMonth: 0.3,
  alarmMonth: 0.1,
  logGb: 0.5,
  zoneGb: 0.02, // between two zones of a region, both directions
  endpointHour: 0.01, // an interface endpoint in one zone
} as const;

/** What `npm run bench:scale` counts, and what is assumed. */
export const AMOUNTS = {
  monthHours: 730,
  shardHosts: 200,
  /** A window of 5 s, the visits around it, start and end. */
  shardSeconds: 11,
  workerGb: 1,
  /** Finding 3, row of the ranking 1, the same in its index 1, the host's turn 2. */
  hostWriteUnits: 7,
  hostReadUnits: 3,
  /** Finding, row, and row in the index, with what DynamoDB adds to each. */
  hostStoredKb: 4,
  retentionDays: 30,
  hostNetworkKb: 20,
  /** Send, receive and delete, with what is sent once more. */
  messageRequests: 4,
  /** Lambda asks four queues, with five pollers each and three times a minute, whether there is something. */
  pollsAMinute: 60,
  logKbAShard: 4,
} as const;

export interface Month {
  readonly workers: number;
  /** Plan, finish, and who asked. */
  readonly otherFunctions: number;
  readonly requests: number;
  readonly stored: number;
  /** Queues, logs, traffic between zones. */
  readonly rest: number;
}

/** In dollars. @param sweepsAnHour of all `hosts` */
export function monthOf(hosts: number, sweepsAnHour: number): Month {
  const sweeps = sweepsAnHour * AMOUNTS.monthHours;
  const shards = Math.ceil(hosts / AMOUNTS.shardHosts) * sweeps;
  const visits = hosts * sweeps;
  const keptGb = (hosts * sweepsAnHour * 24 * AMOUNTS.retentionDays * AMOUNTS.hostStoredKb) / 1e6;
  const finishSeconds = 1 + hosts / 2000;
  return {
    workers: shards * (AMOUNTS.shardSeconds * AMOUNTS.workerGb * PRICES.lambdaGbSecond + PRICES.lambdaRequest),
    otherFunctions: sweeps * ((finishSeconds + 1) * PRICES.lambdaGbSecond + 3 * PRICES.lambdaRequest),
    requests: visits * (AMOUNTS.hostWriteUnits * PRICES.writeUnit + AMOUNTS.hostReadUnits * PRICES.readUnit),
    stored: keptGb * (PRICES.storedGbMonth + PRICES.recoveryGbMonth),
    rest:
      (shards + 2 * sweeps) * AMOUNTS.messageRequests * PRICES.sqsRequest +
      ((shards * AMOUNTS.logKbAShard) / 1e6) * PRICES.logGb +
      // Half of the hosts are in another zone than who visits them.
      ((visits * AMOUNTS.hostNetworkKb) / 1e6 / 2) * PRICES.zoneGb,
  };
}

/** Each metric of an alarm is paid for: seven alarms of one, and one over the errors of seven functions. */
const ALARM_METRICS = 14;

/** In dollars a month, whether anything is swept or not; `endpoints` where they are made, in two zones. */
export function standing(): { readonly always: number; readonly endpoints: number } {
  const minutes = AMOUNTS.monthHours * 60;
  const polls = minutes * AMOUNTS.pollsAMinute * PRICES.sqsRequest;
  const everyMinute = minutes * (0.7 * PRICES.lambdaGbSecond + 2 * PRICES.lambdaRequest + 2 * PRICES.writeUnit);
  const always =
    3 * PRICES.secretMonth + 5 * PRICES.metricMonth + ALARM_METRICS * PRICES.alarmMonth + polls + everyMinute;
  return { always, endpoints: 2 * 2 * AMOUNTS.monthHours * PRICES.endpointHour };
}

export const totalOf = (month: Month): number => Object.values(month).reduce((sum, each) => sum + each, 0);

export const dollars = (amount: number): string => (amount >= 10 ? `$${Math.round(amount)}` : `$${amount.toFixed(2)}`);
