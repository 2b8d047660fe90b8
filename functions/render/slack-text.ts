/**
 * The encoder for Slack. What a host, a person or a file may have written comes out as a code span or as plain text, where Slack makes
 * neither bold nor emoji, mention, channel nor link of it (https://docs.slack.dev/messaging/formatting-message-text).
 */
import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import { encodeText } from './encode.ts';
import { cutEnd, cutStart } from './fit.ts';

/** In columns: more of a name helps nobody to tell it from others. */
const MOST_NAME = 80;
const MOST_PROSE = 300;

/** A name, a path: a code span. What is too long loses its end, a path its start. */
export function code(text: string, cut: 'end' | 'start' = 'end', most: number = MOST_NAME): string {
  const encoded = encodeText(text);
  return codeOf(cut === 'end' ? cutEnd(encoded, most) : cutStart(encoded, most));
}

/** The same of what is encoded and cut already. */
export function codeOf(encoded: string): string {
  // Slack wants something other than a blank at both ends.
  const solid = within(encoded).replace(/^ | $/gu, '\\x20');
  return `\`${withoutTicks(escaped(solid === '' ? '(empty)' : solid))}\``;
}

/** Lines in a block of their own, as they are. They are encoded already. */
export function codeLines(encoded: readonly string[]): string {
  return `\`\`\`\n${encoded.map((line) => withoutTicks(escaped(line))).join('\n')}\n\`\`\``;
}

/** A whole sentence that holds names: no markup is looked for in it, and :smile: stays what it is. */
export function plainText(text: string, most: number = MOST_PROSE): PlainTextElement {
  const encoded = within(cutEnd(encodeText(text), most));
  return { type: 'plain_text', text: escaped(encoded === '' ? '(empty)' : encoded), emoji: false };
}

/** Our own words around code spans. `verbatim`: Slack looks for no link, channel or name in it by itself. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** The three characters of which Slack makes mentions, channels and links. */
const escaped = (text: string): string => text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');

/** Nothing escapes a backtick within a code span; this modifier letter looks the same. */
const withoutTicks = (text: string): string => text.replaceAll('`', '\u02cb');

/** There are letters without a column of their own: what is cut by columns may still be long. */
const within = (text: string): string =>
  text.length <= MOST_UNITS ? text : `${text.slice(0, MOST_UNITS - 1).replace(/\p{Cs}$/u, '')}…`;
const MOST_UNITS = 500;
