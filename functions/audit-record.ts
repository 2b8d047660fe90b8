/** Who asked for what, on which hosts, and how it ended: the record that is only ever added to. */
import * as z from 'zod';
import { sweepSchema } from '../runner/report.ts';

/** Who asked. Names are those that the way in has checked, never what a caller says of itself without proof. */
export const askerSchema = z.discriminatedUnion('kind', [
  /** The login name of whoever ran the command line. */
  z.object({ kind: z.literal('cli'), user: z.string() }),
  /** An API token; `id` tells tokens of one name apart. */
  z.object({ kind: z.literal('api'), token: z.string(), id: z.string() }),
  /** Slack's ids, and the name that Slack gave with them. */
  z.object({
    kind: z.literal('chat'),
    team: z.string(),
    channel: z.string(),
    user: z.string(),
    userName: z.string().optional(),
  }),
  /** An entry of `schedules` in whodisk.yml. */
  z.object({ kind: z.literal('schedule'), name: z.string() }),
  /** The token with which Alertmanager came, and the names of the alerts. */
  z.object({ kind: z.literal('alert'), token: z.string(), id: z.string(), alerts: z.array(z.string()) }),
]);
export type Asker = z.infer<typeof askerSchema>;

const at = z.iso.datetime({ precision: 3 });

export const auditRecordSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('asked'),
    at,
    sweepId: z.string(),
    by: askerSchema,
    /** As asked for, such as "@db"; absent for this machine alone. */
    targets: z.array(z.string()).optional(),
    /** Their names, folded ("db-[01-20]"); of very many the last entry says how many more. */
    hosts: z.array(z.string()),
    hostCount: z.int().min(0),
    /** SHA-256 of the program that runs on the hosts, in hex. */
    bundleHash: z.string(),
  }),
  z.object({
    event: z.literal('ended'),
    at,
    sweepId: z.string(),
    status: sweepSchema.shape.status,
    swept: z.int().min(0),
    notSwept: z.int().min(0),
    /** Who cancelled it. */
    cancelledBy: askerSchema.optional(),
  }),
  /** Somebody whom we know asked for what they may not have. `id` is a ULID. */
  z.object({ event: z.literal('refused'), at, id: z.string(), by: askerSchema, what: z.string(), why: z.string() }),
  z.object({
    event: z.enum(['token-created', 'token-revoked']),
    at,
    id: z.string(),
    by: askerSchema,
    tokenId: z.string(),
    token: z.string(),
    scope: z.enum(['read', 'run', 'admin']),
  }),
]);
export type AuditRecord = z.infer<typeof auditRecordSchema>;
