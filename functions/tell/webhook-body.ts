/** The JSON that a URL of `tell` gets: this schema is its documentation. */
import * as z from 'zod';
import { STANDINGS, sweepSchema } from '../../runner/report.ts';
import { diffSchema } from '../../runner/triage/diff.ts';
import { patternSchema } from '../../runner/triage/patterns.ts';
import { rankableOf, rankingRowSchema } from '../../runner/triage/ranking-row.ts';
import { encodeText } from '../render/encode.ts';
import type { SlackSweepView } from '../render/slack-sweep.ts';
import { countStandings } from '../render/standing.ts';

const changes = diffSchema.shape.new;

export const webhookBodySchema = z.discriminatedUnion('type', [
  /** A sweep has ended. Names and texts of hosts are as these sent them: encode them before showing, but for `sentence`. */
  z.object({
    schemaVersion: z.literal(1),
    type: z.literal('sweep'),
    /** One line for people, harmless to show as text. */
    sentence: z.string(),
    sweep: sweepSchema,
    /** No host could be seen. */
    couldNotRun: z.boolean(),
    /** Since the earlier sweep by the same asker; absent where everything is told. Of a long list the first ones. */
    changes: z.object({ new: changes, worse: changes, gone: changes }).optional(),
    /** The worst first, 20 at most. */
    hosts: z.array(rankingRowSchema),
    /** What hosts share, the most widely shared first, 20 at most, each with its first 100 hosts. */
    patterns: z.array(patternSchema),
    /** Where people find the service. */
    publicUrl: z.string().optional(),
  }),
  /** Something that no sweep says: that one could not begin, or was left out. */
  z.object({
    schemaVersion: z.literal(1),
    type: z.literal('notice'),
    /** What it is about: "schedule nightly". */
    about: z.string(),
    sentence: z.string(),
    publicUrl: z.string().optional(),
  }),
]);
export type WebhookBody = z.infer<typeof webhookBodySchema>;

export function sweepBody(view: SlackSweepView & { readonly couldNotRun: boolean }): WebhookBody {
  const { sweep, rows, patterns, diff, publicUrl, couldNotRun } = view;
  return {
    schemaVersion: 1,
    type: 'sweep',
    sentence: sentenceOf(view),
    sweep,
    couldNotRun,
    ...(diff && {
      changes: {
        new: diff.new.slice(0, MOST_CHANGES),
        worse: diff.worse.slice(0, MOST_CHANGES),
        gone: diff.gone.slice(0, MOST_CHANGES),
      },
    }),
    hosts: rows.slice(0, MOST_LISTED),
    patterns: patterns
      .slice(0, MOST_LISTED)
      .map((pattern) => ({ ...pattern, hosts: pattern.hosts.slice(0, MOST_PATTERN_HOSTS) })),
    ...(publicUrl !== undefined && { publicUrl }),
  };
}

/** "Schedule nightly: 12 hosts of @db: 1 hung, 2 saturated, 9 healthy. 1 new, 1 fine again. Worst: db-7: java 1 (app.jar) saturates sda by …" */
function sentenceOf({ sweep, rows, diff, heading }: SlackSweepView): string {
  const counts = sweep.counts ?? countStandings(rows.map(rankableOf));
  const standings = STANDINGS.flatMap((standing) =>
    counts[standing] ? [`${counts[standing]} ${standing.replace('-', ' ')}`] : [],
  );
  const of =
    sweep.asked === undefined ? '' : ` of ${sweep.asked.slice(0, 3).join(', ')}${sweep.asked.length > 3 ? ', …' : ''}`;
  const hosts = `${sweep.targets} ${sweep.targets === 1 ? 'host' : 'hosts'}${of}`;
  const changed =
    diff &&
    (['new', 'worse', 'gone'] as const).flatMap((kind) =>
      // It is the trouble that is gone, and not the host.
      diff[kind].length > 0 ? [`${diff[kind].length} ${kind === 'gone' ? 'fine again' : kind}`] : [],
    );
  const lead = heading === undefined ? '' : `${heading}: `;
  const said = standings.length === 0 ? sweep.status : standings.join(', ');
  const worst = diff === undefined ? rows[0] : [...diff.new, ...diff.worse][0]?.after;
  return encodeText(
    [
      `${lead}${hosts}: ${said}.`,
      ...(changed && changed.length > 0 ? [`${changed.join(', ')}.`] : []),
      // Whoever is woken by this line wants the culprit in it.
      ...(worst === undefined || worst.verdict === 'healthy' ? [] : [`Worst: ${worst.host}: ${worst.summary}`]),
    ].join(' '),
  );
}

const MOST_CHANGES = 100;
const MOST_LISTED = 20;
const MOST_PATTERN_HOSTS = 100;
