/** The sections for the service in the words of the code, and whether what they name is there. Pure. */
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { listed } from '../../runner/ssh/listed.ts';
import { shown } from '../../runner/ssh/shown.ts';
import type { ConfigProblem, ProblemAt } from './config-text.ts';
import type { Destination, SecretSource, ServiceConfig } from './service-config.ts';
import { ALERT_LABEL, QUIET_MINUTES, RESPONSE_ORIGINS, type ServiceValue } from './service-schema.ts';
import { targetProblem } from './target-problem.ts';
import type { ConfigPath } from './yaml-value.ts';

/** @param resolveFile makes the path of a secret absolute */
export function serviceConfigOf(value: ServiceValue, resolveFile: (file: string) => string): ServiceConfig {
  const { publicUrl, slack, tell = {}, schedules = {}, alerts = {} } = value;
  const source = ({ env, file }: SecretValue): SecretSource =>
    env === undefined ? { file: resolveFile(file ?? '') } : { env };
  return {
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/u, '') }),
    ...(slack && {
      slack: {
        signingSecret: source(slack.signingSecret),
        responseOrigins: (slack.responseOrigins ?? RESPONSE_ORIGINS).map((origin) => new URL(origin).origin),
        allow: slack.allow.map(({ team, channels, users, targets }) => ({
          team,
          ...(channels && { channels }),
          ...(users && { users }),
          targets,
        })),
      },
    }),
    tell: new Map(Object.entries(tell).map(([name, destination]) => [name, destinationOf(destination, source)])),
    schedules: Object.entries(schedules).map(([name, { cron, timeZone, targets, windowSeconds, watch, tell: to }]) => ({
      name,
      cron,
      timeZone: timeZone ?? 'UTC',
      targets,
      ...(windowSeconds !== undefined && { windowSeconds }),
      watch: watch ?? 'saturated',
      tell: to,
    })),
    alerts: {
      label: alerts.label ?? ALERT_LABEL,
      hosts: new Map(Object.entries(alerts.hosts ?? {})),
      quietMinutes: alerts.quietMinutes ?? QUIET_MINUTES,
      ...(alerts.windowSeconds !== undefined && { windowSeconds: alerts.windowSeconds }),
      tell: alerts.tell ?? [],
    },
  };
}

interface SecretValue {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
}

function destinationOf(
  { slack, url, secret }: NonNullable<ServiceValue['tell']>[string],
  source: (value: SecretValue) => SecretSource,
): Destination {
  if (slack !== undefined) return { kind: 'slack', webhook: source(slack) };
  return { kind: 'url', url: url ?? '', secret: source(secret ?? {}) };
}

/**
 * What the sections name and is not there: destinations, hosts, groups.
 *
 * @param inventory absent where none was read: then hosts are not looked for
 * @param isGone names of hosts that are none at this moment, as in fleetOf
 */
export function serviceProblems(
  value: ServiceValue & { readonly deadlineSeconds?: number | undefined },
  problemAt: ProblemAt,
  inventory: Inventory | undefined,
  isGone: (name: string) => boolean = () => false,
): readonly ConfigProblem[] {
  const { slack, tell = {}, schedules = {}, alerts, deadlineSeconds } = value;
  const destinations = Object.keys(tell);
  const problems: ConfigProblem[] = [];
  const check = (
    path: ConfigPath,
    words: readonly string[] | undefined,
    problemOf: (word: string) => string | undefined,
  ) => {
    for (const [index, word] of (words ?? []).entries()) {
      const message = problemOf(word);
      if (message !== undefined) problems.push(problemAt([...path, index], message));
    }
  };
  const unknownDestination = (name: string) => destinationProblem(name, destinations);
  const unknownTarget = (word: string) =>
    inventory === undefined || isGone(word) ? undefined : targetProblem(word, inventory);
  const checkWindow = (path: ConfigPath, windowSeconds: number | undefined) => {
    if (windowSeconds === undefined || deadlineSeconds === undefined || windowSeconds < deadlineSeconds) return;
    problems.push(
      problemAt(
        [...path, 'windowSeconds'],
        `deadlineSeconds is ${deadlineSeconds} and leaves no time after it: give less.`,
      ),
    );
  };
  for (const [index, { targets }] of (slack?.allow ?? []).entries()) {
    check(['slack', 'allow', index, 'targets'], targets, unknownTarget);
  }
  for (const [name, schedule] of Object.entries(schedules)) {
    check(['schedules', name, 'targets'], schedule.targets, unknownTarget);
    check(['schedules', name, 'tell'], schedule.tell, unknownDestination);
    checkWindow(['schedules', name], schedule.windowSeconds);
  }
  check(['alerts', 'tell'], alerts?.tell, unknownDestination);
  checkWindow(['alerts'], alerts?.windowSeconds);
  for (const [label, host] of Object.entries(alerts?.hosts ?? {})) {
    if (inventory === undefined || inventory.hosts.has(host) || isGone(host)) continue;
    problems.push(
      problemAt(
        ['alerts', 'hosts', label],
        targetProblem(host, inventory) ?? 'give the name of one host, as the inventory has it.',
      ),
    );
  }
  return problems;
}

function destinationProblem(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const meant = suggestionFor(name, known);
  const hint =
    meant !== undefined
      ? `Did you mean ${meant}?`
      : known.length === 0
        ? 'Describe it under tell.'
        : `Known are ${listed(known, 8)}.`;
  return `tell has no ${shown(name)}. ${hint}`;
}
