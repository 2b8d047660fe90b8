/** Alertmanager's webhook, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. */
import * as z from 'zod';

const MOST_ALERTS = 10_000;
const MOST_LABELS = 200;
const MOST_CHARACTERS = 4096;

const labels = z
  .record(z.string().max(MOST_CHARACTERS), z.string().max(MOST_CHARACTERS))
  .refine((value) => Object.keys(value).length <= MOST_LABELS, { error: `${MOST_LABELS} labels are the most` });

/** What we look at; all else, and what later versions of Alertmanager add, is let through. */
const webhookSchema = z.looseObject({
  version: z.literal('4', { error: "this is not version 4 of Alertmanager's webhook" }),
  /** Checked one by one only where they are not too many. */
  alerts: z
    .array(z.unknown())
    .max(MOST_ALERTS, { error: `${MOST_ALERTS} alerts are the most: set max_alerts or group_by` })
    .pipe(z.array(z.looseObject({ status: z.enum(['firing', 'resolved']), labels }))),
});
export type Alert = z.infer<typeof webhookSchema>['alerts'][number];

export interface Mistake {
  /** A JSON pointer without its first slash: "alerts/0/labels". */
  readonly path: string;
  readonly message: string;
}

export type WebhookRead =
  | { readonly kind: 'alerts'; readonly alerts: readonly Alert[] }
  | { readonly kind: 'malformed'; readonly errors: readonly Mistake[] };

/** @param payload JSON as it came */
export function readWebhook(payload: unknown): WebhookRead {
  const read = webhookSchema.safeParse(payload);
  if (read.success) return { kind: 'alerts', alerts: read.data.alerts };
  const errors = read.error.issues.slice(0, MOST_MISTAKES).map(({ path, message }) => ({
    path: path.map((step) => String(step).slice(0, 80).replace(/~/gu, '~0').replace(/\//gu, '~1')).join('/'),
    message,
  }));
  return { kind: 'malformed', errors };
}

const MOST_MISTAKES = 20;
