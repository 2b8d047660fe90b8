/** What changed between two sweeps, in Slack: new and worse hosts with their reasons, what is gone in a line for each kind. */
import type { KnownBlock } from '@slack/types';
import type { Change, Diff } from '../../runner/triage/diff.ts';
import { inCount } from '../../runner/triage/words.ts';
import { groupBy } from './group-by.ts';
import { counted } from './phrases.ts';
import { context, section } from './slack-message.ts';
import { namesCode, rowBlocks } from './slack-row.ts';
import { plainText } from './slack-text.ts';

const MOST_CHANGES = 5;

/** @param sweepId gives each host a button for its details */
export function changeBlocks(diff: Diff, sweepId: string | undefined): KnownBlock[] {
  const { worse, gone, better } = diff;
  const room = Math.max(1, MOST_CHANGES - diff.new.length);
  return [
    ...listed('New', diff.new, MOST_CHANGES, sweepId),
    ...listed('Worse', worse, room, sweepId),
    ...folded('Fine again', gone),
    ...folded('Better', better),
    ...(diff.new.length + worse.length + gone.length + better.length === 0 ? section([noNews(diff)]) : []),
  ];
}

/** "Nothing has changed: 12 hosts are as they were; of 3 nothing can be said". */
function noNews({ unchanged, notCompared }: Diff): string {
  const aside = notCompared.length > 0 ? `; of ${inCount(notCompared.length)} nothing can be said` : '';
  return `Nothing has changed: ${counted(unchanged, 'host')} ${unchanged === 1 ? 'is as it was' : 'are as they were'}${aside}`;
}

function listed(title: string, changes: readonly Change[], most: number, sweepId: string | undefined): KnownBlock[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, most);
  const rest = changes.slice(most);
  return [
    ...section([`*${title}*`]),
    ...shown.flatMap(({ after, change }, index) =>
      after === undefined
        ? []
        : rowBlocks(after, index + 1, { reason: change, ...(sweepId !== undefined && { sweepId }) }),
    ),
    ...section(
      rest.length === 0 ? [] : [`and ${inCount(rest.length)} more: ${namesCode(rest.map(({ host }) => host))}`],
    ),
  ];
}

const MOST_GROUPS = 4;

function folded(title: string, changes: readonly Change[]): KnownBlock[] {
  if (changes.length === 0) return [];
  const groups = groupBy(changes, ({ change }) => change);
  const rest = groups.slice(MOST_GROUPS).flat();
  return groups.slice(0, MOST_GROUPS).flatMap((group, index) => {
    const names = namesCode(group.map(({ host }) => host));
    const isLast = index === Math.min(groups.length, MOST_GROUPS) - 1;
    const more =
      isLast && rest.length > 0 ? [`and ${inCount(rest.length)} more: ${namesCode(rest.map(({ host }) => host))}`] : [];
    return [...section([`*${title}* ${names}`]), context(plainText(group[0]?.change ?? '')), ...section(more)];
  });
}
