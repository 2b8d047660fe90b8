/** A configuration as plain JSON and back: read from files by one process, used by others that have none. Pure. */
import * as z from 'zod';
import type { HostSettings, InventoryHost } from '../../runner/fleet/inventory.ts';
import type { Config } from './read-config.ts';
import type { AlertsConfig, ScheduleConfig, SlackConfig, SlackPermission } from './service-config.ts';

/** Of it only `configOfJson` knows the shape. */
export function jsonOfConfig({ inventory, tell, alerts, ...rest }: Config): object {
  return {
    ...rest,
    // Lists, since a name may be anything, "__proto__" too, and the order counts.
    tell: [...tell],
    alerts: { ...alerts, hosts: [...alerts.hosts] },
    hosts: [...inventory.hosts.values()],
    groups: [...inventory.groups],
  };
}

/**
 * What comes out of a table is data: all of it is checked, and what nobody knows is left out.
 *
 * @returns a problem is a few words: what is wrong with it, and where
 */
export function configOfJson(json: unknown): Config | { readonly problem: string } {
  const read = configJsonSchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { problem: `${issue?.path.map(String).join('.') || 'it'}: ${issue?.message ?? 'malformed'}` };
  }
  const { hosts, groups, tell, alerts, ...rest } = read.data;
  return {
    ...rest,
    tell: new Map(tell),
    alerts: { ...alerts, hosts: new Map(alerts.hosts) },
    inventory: { hosts: new Map(hosts.map((host) => [host.name, host])), groups: new Map(groups) },
  };
}

/** So that a setting which is added elsewhere and forgotten here does not compile. */
type Each<Value> = Record<keyof Value, z.ZodType>;

const text = z.string();
const texts = z.array(text);

const settingsSchema = z.object({
  address: text.exactOptional(),
  user: text.exactOptional(),
  port: z.int().exactOptional(),
  jump: texts.exactOptional(),
  proxyCommand: text.exactOptional(),
  identityFiles: texts.exactOptional(),
  identitiesOnly: z.boolean().exactOptional(),
  hostKeys: texts.exactOptional(),
  hostKeyAlias: text.exactOptional(),
  privilege: z.enum(['auto', 'root', 'user']).exactOptional(),
} satisfies Each<HostSettings>);

const hostSchema = z.object({
  name: text,
  settings: settingsSchema,
  problem: text.exactOptional(),
  where: text,
} satisfies Each<InventoryHost>);

const secretSchema = z.union([z.object({ env: text }), z.object({ file: text })]);

const slackSchema = z.object({
  signingSecret: secretSchema,
  responseOrigins: texts,
  allow: z.array(
    z.object({
      team: text,
      channels: texts.exactOptional(),
      users: texts.exactOptional(),
      targets: texts,
    } satisfies Each<SlackPermission>),
  ),
} satisfies Each<SlackConfig>);

const destinationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slack'), webhook: secretSchema }),
  z.object({ kind: z.literal('url'), url: text, secret: secretSchema }),
]);

const scheduleSchema = z.object({
  name: text,
  cron: text,
  timeZone: text,
  targets: texts,
  windowSeconds: z.number().exactOptional(),
  watch: z.enum(['saturated', 'busy']),
  tell: texts,
} satisfies Each<ScheduleConfig>);

const alertsSchema = z.object({
  label: text,
  hosts: z.array(z.tuple([text, text])),
  quietMinutes: z.number(),
  windowSeconds: z.number().exactOptional(),
  tell: texts,
} satisfies Each<AlertsConfig>);

const configJsonSchema = z.object({
  file: text.exactOptional(),
  disabled: text.exactOptional(),
  defaults: settingsSchema,
  hostKeyPolicy: z.enum(['strict', 'accept-new']).exactOptional(),
  windowSeconds: z.number().exactOptional(),
  deadlineSeconds: z.number().exactOptional(),
  forks: z.int().exactOptional(),
  store: text.exactOptional(),
  retentionDays: z.number(),
  publicUrl: text.exactOptional(),
  slack: slackSchema.exactOptional(),
  tell: z.array(z.tuple([text, destinationSchema])),
  schedules: z.array(scheduleSchema),
  alerts: alertsSchema,
  hosts: z.array(hostSchema),
  groups: z.array(z.tuple([text, texts])),
} satisfies Each<Omit<Config, 'inventory'> & { hosts: unknown; groups: unknown }>);
