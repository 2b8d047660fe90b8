/** What is going on, and what was found last, as one Slack message. */
import type { Sweep } from '../../runner/report.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { agoText } from './age.ts';
import { counted } from './phrases.ts';
import { buttonRow } from './slack-buttons.ts';
import { type SlackMessage, section, slackMessage } from './slack-message.ts';
import { askedCode, rowBlocks, standingOfRow } from './slack-row.ts';
import { sweepSentence } from './slack-sweep.ts';
import { code } from './slack-text.ts';

export interface RunningSweep {
  readonly sweep: Sweep;
  /** Hosts that are done; absent where only some of its hosts may be seen. */
  readonly done?: number;
}

export interface SlackStatusView {
  /** Newest first. */
  readonly running: readonly RunningSweep[];
  /** The last sweep that has ended, with its rows, worst first. */
  readonly newest?: {
    readonly sweep: Sweep;
    readonly rows: readonly RankingRow[];
    /** Whether there is a button that sweeps the same again. */
    readonly hasAgain: boolean;
  };
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly publicUrl?: string;
}

const MOST_RUNNING = 8;

export function renderSlackStatus({ running, newest, nowMs, publicUrl }: SlackStatusView): SlackMessage {
  const more = running.length - MOST_RUNNING;
  const now = [
    ...running.slice(0, MOST_RUNNING).map((one) => runningLine(one, nowMs)),
    ...(more > 0 ? [`and ${counted(more, 'more sweep')}`] : []),
  ];
  const first = now[0] ?? 'No sweep is running.';
  if (newest === undefined) {
    const none = 'Nothing has been found yet: `/whodisk @GROUP` makes a sweep.';
    return slackMessage(`${first}\n${none}`, section([...(now.length === 0 ? [first] : now), none]));
  }
  const { sweep, rows, hasAgain } = newest;
  const last = `Last, ${agoText(Date.parse(sweep.finishedAt ?? sweep.startedAt), nowMs)}: ${sweepSentence(sweep, rows)}`;
  const worst = rows.find((row) => !QUIET.has(standingOfRow(row)));
  return slackMessage(
    `${first}\n${last}`,
    [
      ...section(now.length === 0 ? [first] : now),
      ...section([last]),
      ...(worst === undefined ? [] : rowBlocks(worst, 1)),
    ],
    buttonRow({ sweep, publicUrl, hasButtons: true, hasAgain }, worst?.host),
  );
}

const QUIET: ReadonlySet<string> = new Set(['healthy', 'not-swept']);

/** "Sweeping `@db` for `@ann in C1`: 4 of 12 hosts, began 4 seconds ago". */
function runningLine({ sweep, done }: RunningSweep, nowMs: number): string {
  const by = sweep.by === undefined ? '' : ` for ${code(sweep.by, 'end', 60)}`;
  const hosts = done === undefined ? counted(sweep.targets, 'host') : `${done} of ${counted(sweep.targets, 'host')}`;
  return `Sweeping ${askedCode(sweep.asked)}${by}: ${hosts}, began ${agoText(Date.parse(sweep.startedAt), nowMs)}`;
}
