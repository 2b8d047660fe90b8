/** A message of blocks within Slack's limits: https://docs.slack.dev/reference/block-kit/blocks and its pages for each block. */
import type { KnownBlock, PlainTextElement, SectionBlock } from '@slack/types';
import { mrkdwn } from './slack-text.ts';

export interface SlackMessage {
  /** For notifications, and where blocks are not shown. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

const MOST_BLOCKS = 50;
/** In the text of a section. */
export const MOST_SECTION = 3000;
/**
 * In all texts of a message together. Slack documents no such limit and refuses what is above some 13,200 characters, the JSON around
 * them counted (https://github.com/slackapi/bolt-js/issues/2509, 2867).
 */
const MOST_MESSAGE = 9000;
/** A text longer than this is cut by Slack (https://docs.slack.dev/reference/methods/chat.postMessage). */
const MOST_TEXT = 3000;

/** @param blocks in the order of their weight: what is too much for one message is left out from the end, and said. `last` always stays. */
export function slackMessage(
  text: string,
  blocks: readonly KnownBlock[],
  last: readonly KnownBlock[] = [],
): SlackMessage {
  const kept: KnownBlock[] = [];
  let characters = weightOf(last);
  for (const block of blocks) {
    characters += weightOf([block]);
    if (characters > MOST_MESSAGE || kept.length + last.length + 1 >= MOST_BLOCKS) {
      kept.push(...section(['… there is more than a message takes']));
      break;
    }
    kept.push(block);
  }
  return { text: text.slice(0, MOST_TEXT), blocks: [...kept, ...last] };
}

/** Our own words with code spans: an answer of a line or two. */
export function slackWords(...lines: readonly string[]): SlackMessage {
  return slackMessage(lines.join('\n'), section(lines));
}

/** Lines of one section, as many as it takes; a line is never cut, since that could cut a code span. None: no block. */
export function section(lines: readonly string[], accessory?: SectionBlock['accessory']): SectionBlock[] {
  const kept: string[] = [];
  let room = MOST_SECTION - MORE.length;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) {
      kept.push(MORE.trim());
      break;
    }
    kept.push(line);
  }
  if (kept.length === 0) return [];
  return [{ type: 'section', text: mrkdwn(kept.join('\n')), ...(accessory !== undefined && { accessory }) }];
}

const MORE = '\n…';

/** A sentence in small letters. */
export function context(text: PlainTextElement): KnownBlock {
  return { type: 'context', elements: [text] };
}

/** Characters of the JSON. */
const weightOf = (blocks: readonly KnownBlock[]): number => JSON.stringify(blocks).length;
