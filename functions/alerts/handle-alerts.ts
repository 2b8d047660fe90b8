/** What Alertmanager sent becomes one sweep of the hosts that its firing alerts name. */
import { randomUUID } from 'node:crypto';
import type { ConfigNow } from '../config/config-now.ts';
import type { Config } from '../config/read-config.ts';
import type { Log } from '../log.ts';
import type { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Started, SweepService } from '../sweep/service.ts';
import { hostFinder } from './alerted-host.ts';
import { quietHosts } from './quiet-hosts.ts';
import { type Alert, type Mistake, readWebhook } from './webhook.ts';

export interface AlertDeps {
  readonly store: Pick<Store, 'claim' | 'claimed' | 'release'>;
  readonly service: SweepService;
  readonly config: ConfigNow;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
}

/** What was done about the alerts. */
export interface AlertsTaken extends Readonly<Record<string, unknown>> {
  /** Ids. */
  readonly sweeps: readonly string[];
  /** Names of the hosts that are swept. */
  readonly hosts: readonly string[];
  /** Alerts had them swept a short time ago. */
  readonly quiet: readonly string[];
  /** What names no host of the inventory, the first thousand. */
  readonly unknown: readonly { readonly alert: string; readonly value?: string; readonly why: string }[];
}

export type AlertsAnswer =
  /** 202 where hosts are swept, 200 where there was nothing to do. */
  | { readonly kind: 'taken'; readonly status: 200 | 202; readonly body: AlertsTaken }
  | { readonly kind: 'malformed'; readonly errors: readonly Mistake[] }
  /** Nothing can be swept now, a sentence: answer so that Alertmanager comes again. */
  | { readonly kind: 'stopped'; readonly message: string };

/**
 * All hosts of one call are one sweep; a host is swept once in `alerts.quietMinutes`, whichever alerts name it. Never rejects.
 *
 * @param payload the JSON as it came
 * @param token the name and the id of the token that came with it
 */
export async function handleAlerts(
  deps: AlertDeps,
  payload: unknown,
  token: { readonly name: string; readonly id: string },
): Promise<AlertsAnswer | StoreProblem> {
  const webhook = readWebhook(payload);
  if (webhook.kind === 'malformed') return webhook;
  const config = await deps.config();
  if ('problem' in config) return { kind: 'stopped', message: config.problem };
  if (config.disabled !== undefined) return { kind: 'stopped', message: config.disabled };

  const firing = webhook.alerts.filter(({ status }) => status === 'firing');
  const { names, alerts, unknown } = hostsOf(firing, config);
  const [first] = unknown;
  // Alertmanager shows nobody what it was answered.
  if (first !== undefined) {
    const value = first.value?.slice(0, MOST_LOGGED_CHARACTERS);
    deps.log.warn('alerts name hosts that the inventory does not have', { count: unknown.length, first: value });
  }
  const body = { sweeps: [], hosts: [], quiet: [], unknown: unknown.slice(0, MOST_UNKNOWN) };
  if (names.length === 0) return { kind: 'taken', status: 200, body };

  const turns = quietHosts(deps, randomUUID());
  const { loud, quiet, beginning, problem } = await turns.take(names);
  if (problem !== undefined) return problem;
  const comeAgain = beginning.length === 0 ? undefined : ({ kind: 'stopped', message: JUST_BEGINNING } as const);
  if (loud.length === 0) return comeAgain ?? { kind: 'taken', status: 200, body: { ...body, quiet } };
  const { windowSeconds, tell, quietMinutes } = config.alerts;
  const started = await deps.service.start({
    targets: loud,
    ...(windowSeconds !== undefined && { windowSeconds }),
    trigger: 'alert',
    by: { kind: 'alert', token: token.name, id: token.id, alerts: alerts.slice(0, MOST_NAMED_ALERTS) },
    // Whoever was woken wants an answer, also that there is nothing.
    tell: tell.map((name) => ({ kind: 'destination', name, onlyChanges: false, watch: 'saturated' })),
  });
  if (started.kind !== 'started' && started.kind !== 'known') {
    await turns.giveBack(loud);
    return refusal(started);
  }
  await turns.keep(loud, quietMinutes);
  // The others are swept when it has come again, and these are quiet then.
  return comeAgain ?? { kind: 'taken', status: 202, body: { ...body, sweeps: [started.sweep.id], hosts: loud, quiet } };
}

function hostsOf(firing: readonly Alert[], { alerts: { label, hosts }, inventory }: Config) {
  const find = hostFinder({ hosts }, inventory);
  const names = new Set<string>();
  const alerts = new Set<string>();
  const unknown = new Map<string, AlertsTaken['unknown'][number]>();
  for (const { labels } of firing) {
    const alert = labels['alertname'] ?? 'without a name';
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    const host = value === undefined ? undefined : find(value);
    if (host?.kind === 'host') {
      names.add(host.name);
      alerts.add(alert.slice(0, MOST_ALERT_CHARACTERS));
      continue;
    }
    const why =
      host?.why ?? `it has no label ${JSON.stringify(label)}: name another one in whodisk.yml (alerts, label).`;
    unknown.set(JSON.stringify([alert, value]), { alert, ...(value !== undefined && { value }), why });
  }
  return { names: [...names], alerts: [...alerts].sort(), unknown: [...unknown.values()] };
}

function refusal(started: Exclude<Started, { kind: 'started' | 'known' }>): AlertsAnswer | StoreProblem {
  switch (started.kind) {
    case 'store-failed':
      return started.problem;
    case 'stopped':
      return { kind: 'stopped', message: started.message };
    case 'bad-targets':
      // Between reading the inventory and starting it has changed, or these are more hosts than one sweep takes.
      return { kind: 'stopped', message: started.problems[0]?.message ?? 'The hosts cannot be swept.' };
    case 'forbidden':
    case 'key-reused':
      return { kind: 'stopped', message: 'The hosts cannot be swept.' };
    default:
      return started satisfies never;
  }
}

const JUST_BEGINNING = 'A call that came before is just having hosts of this one swept: come again in a moment.';
const MOST_UNKNOWN = 1000;
const MOST_LOGGED_CHARACTERS = 200;
const MOST_NAMED_ALERTS = 20;
const MOST_ALERT_CHARACTERS = 200;
