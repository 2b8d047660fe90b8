/** Two sweeps compared, as one Slack message. */
import type { Sweep } from '../../runner/report.ts';
import type { Diff } from '../../runner/triage/diff.ts';
import { agoText } from './age.ts';
import { buttonRow } from './slack-buttons.ts';
import { changeBlocks } from './slack-changes.ts';
import { type SlackMessage, section, slackMessage } from './slack-message.ts';
import { askedCode } from './slack-row.ts';

export interface SlackDiffView {
  readonly diff: Diff;
  readonly from: Sweep;
  readonly to: Sweep;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly publicUrl?: string;
  /** Whether there is a button that sweeps the same again. */
  readonly hasAgain: boolean;
}

export function renderSlackDiff({ diff, from, to, nowMs, publicUrl, hasAgain }: SlackDiffView): SlackMessage {
  const ago = (sweep: Sweep): string => agoText(Date.parse(sweep.startedAt), nowMs);
  const counts = (['new', 'worse', 'better', 'gone'] as const)
    .filter((kind) => diff[kind].length > 0)
    // It is the trouble that is gone, and not the host.
    .map((kind) => `${diff[kind].length} ${kind === 'gone' ? 'fine again' : kind}`);
  const sentence = `${askedCode(to.asked)}, the sweep of ${ago(to)} beside that of ${ago(from)}: ${counts.join(', ') || 'no news'}`;
  return slackMessage(
    sentence,
    [...section([sentence]), ...changeBlocks(diff, to.id)],
    buttonRow({ sweep: to, publicUrl, hasButtons: true, hasAgain }, undefined),
  );
}
