/** The shapes of requests and answers, those of the report among them, by the names that the OpenAPI document gives them. */
import '@hono/zod-openapi';
import * as z from 'zod';
import { sweepSchema, visitedHostSchema } from '../../runner/report.ts';
import { diffSchema } from '../../runner/triage/diff.ts';
import { culpritSchema, diskSchema } from '../../runner/triage/finding.ts';
import { patternSchema } from '../../runner/triage/patterns.ts';
import { rankingRowSchema } from '../../runner/triage/ranking-row.ts';
import { auditRecordSchema } from '../audit-record.ts';
import { problemSchema } from './problem.ts';

/**
 * Schemas that were made before @hono/zod-openapi was loaded have no method `openapi`; a copy has. Which of them is loaded first is for
 * the program to say that imports this.
 */
function named<S extends z.ZodType>(schema: S, name: string, { description }: { readonly description: string }): S {
  return schema.clone().openapi(name, { description });
}

export const problem = named(problemSchema, 'Problem', { description: 'RFC 9457' });

const sweep = named(sweepSchema, 'Sweep', {
  description: 'A sweep: who asked for it, how it went, how many hosts stand where',
});
const culprit = named(culpritSchema, 'Culprit', { description: 'Who loads a disk, with the evidence' });
const disk = diskSchema.extend({ culprits: z.array(culprit) }).openapi('Disk', {
  description:
    'Rates are per second, sizes in bytes, times in the unit that the name ends in; a figure that could not be had is absent',
});
export const host = visitedHostSchema
  .extend({ disks: z.array(disk) })
  .openapi('Host', { description: 'The whole finding of one host' });
const rankingRow = named(rankingRowSchema, 'RankingRow', {
  description: 'A host in a kilobyte: what ranks it, and its first culprits',
});
const pattern = named(patternSchema, 'Pattern', { description: 'A culprit that several hosts share' });
const auditRecord = named(auditRecordSchema, 'AuditRecord', { description: 'Who asked for what, and how it ended' });

const unreadable = z
  .array(z.object({ what: z.string().describe("A sweep's id or a host's name"), why: z.string() }))
  .openapi({ description: 'What is stored and cannot be read any more; the rest of the answer stands' });
const nextCursor = z
  .string()
  .optional()
  .openapi({ description: 'Give it as `cursor` for the next page; absent on the last one' });

export const sweepState = sweep
  .extend({
    progress: z
      .object({
        done: z.int().min(0).openapi({ description: 'Hosts that are done, of `targets`' }),
        notSwept: z.int().min(0).openapi({ description: 'Of these, the ones that could not be swept' }),
      })
      .optional()
      .openapi({ description: 'While it runs' }),
  })
  .openapi('SweepState', { description: 'A sweep, and while it runs how far it is' });
export type SweepState = z.infer<typeof sweepState>;

export const sweepList = z.object({ sweeps: z.array(sweep), unreadable, nextCursor }).openapi('SweepList');
export const ranking = z
  .object({ rows: z.array(rankingRow), unreadable, nextCursor })
  .openapi('Ranking', { description: 'Worst first' });
export const patterns = z
  .object({ patterns: z.array(pattern) })
  .openapi('Patterns', { description: 'The most widely shared first; empty until the sweep has ended' });
export const history = z
  .object({
    host: z.string(),
    findings: z.array(
      host
        .extend({ sweep: z.string(), startedAt: z.iso.datetime({ precision: 3 }).optional() })
        .openapi('PastHost', { description: 'A finding, and the sweep that it is of' }),
    ),
    unreadable,
    nextCursor,
  })
  .openapi('History', { description: 'Newest first' });
const change = diffSchema.shape.new.element
  .extend({ before: rankingRow.optional(), after: rankingRow.optional() })
  .openapi('Change');
const changes = z.array(change);
export const diff = diffSchema
  .extend({
    from: z
      .union([sweep, z.null()])
      .openapi({ description: 'null where the newest sweep is the first of its targets' }),
    to: sweep,
    new: changes,
    worse: changes,
    better: changes,
    gone: changes,
    notCompared: changes,
    unreadable,
  })
  .openapi('Diff', { description: 'What changed between two sweeps, host by host' });
export const audit = z
  .object({ records: z.array(auditRecord), unreadable, nextCursor })
  .openapi('Audit', { description: 'Newest first' });
export const health = z.object({ status: z.literal('ok') }).openapi('Health');
export const alertsTaken = z
  .record(z.string(), z.unknown())
  .openapi('AlertsTaken', { description: 'What was done about the alerts' });

/** More are asked for as a @group. */
const MOST_TARGETS = 10_000;
const MOST_TARGET_CHARACTERS = 1000;

const target = z.string().min(1).max(MOST_TARGET_CHARACTERS);
/** The number is looked at first: a million mistakes in a million targets would be a million sentences. */
const targets = z
  .array(z.unknown())
  .min(1, 'one target at least: a host or a @group of the inventory')
  .max(MOST_TARGETS, `${MOST_TARGETS} targets are the most: ask for a @group`)
  .pipe(z.array(target))
  .openapi({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: MOST_TARGET_CHARACTERS },
    minItems: 1,
    maxItems: MOST_TARGETS,
    description: 'Names, @groups and folded sets such as "db-[1-20]" of the inventory; never addresses',
  });
export const sweepRequest = z
  .strictObject({
    targets,
    windowSeconds: z
      .number()
      .min(1)
      .max(60)
      .optional()
      .openapi({ description: 'How long each host is sampled; default: what whodisk.yml says, or 5' }),
    args: z.boolean().optional().openapi({ description: 'Ask for redacted command lines too' }),
  })
  .openapi('SweepRequest');

/** Looked at by whoever takes it (deps.ts); here is what of it matters. Alertmanager may add to it. */
export const alertBody = z.unknown().openapi('AlertmanagerWebhook', {
  type: 'object',
  description: 'Version 4 of the webhook of Alertmanager; what else it holds is not looked at',
  required: ['version', 'alerts'],
  properties: {
    version: { type: 'string', enum: ['4'] },
    alerts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['status', 'labels'],
        properties: {
          status: { type: 'string', enum: ['firing', 'resolved'], description: 'Only firing ones ask for a sweep' },
          labels: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'One of them names the host: "instance", unless whodisk.yml says otherwise',
          },
        },
      },
    },
  },
});
