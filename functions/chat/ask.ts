/** One request of somebody in chat, with what is known of them, and what it is answered with. */
import type { Asker } from '../audit-record.ts';
import type { Config } from '../config/read-config.ts';
import type { SlackConfig } from '../config/service-config.ts';
import { context, type SlackMessage, section, slackMessage, slackWords } from '../render/slack-message.ts';
import { code, plainText } from '../render/slack-text.ts';
import type { StoreProblem } from '../store/problem.ts';
import type { ChatDeps } from './deps.ts';
import type { May } from './may.ts';
import type { Who } from './slack-request.ts';

export interface Ask {
  readonly deps: ChatDeps;
  readonly config: Config;
  readonly slack: SlackConfig;
  readonly who: Who;
  readonly may: May;
  /** As the command is called here, for what is to be typed next. */
  readonly command: string;
  readonly responseUrl: string;
}

export interface Answer extends SlackMessage {
  /** Absent: only whoever asked sees it. */
  readonly inChannel?: true;
}

export const words = (...lines: readonly string[]): Answer => slackWords(...lines);

/** Our own words, then whole sentences that hold what others wrote, then our own again. */
export function quoting(lead: string, sentences: readonly string[], end?: string): Answer {
  const quoted = sentences.map((sentence) => context(plainText(sentence)));
  const after = end === undefined ? [] : section([end]);
  return slackMessage(lead, [...section([lead]), ...quoted, ...after]);
}

export const askerOf = ({ team, channel, user, userName }: Who): Asker => ({
  kind: 'chat',
  team,
  channel,
  user,
  ...(userName !== undefined && { userName }),
});

/** What the store could not do. Its folders and tables are nobody's business in a channel: they are in the log. */
export function storeTrouble({ deps }: Pick<Ask, 'deps'>, { kind, message, mend }: StoreProblem): Answer {
  deps.log.error('the store failed for a request in chat', { kind, detail: message, mend });
  return words(`The store of whodisk does not answer (${code(kind)}): try again in a moment. Its log says more.`);
}

/** "team `T1`, channel `C1`, user `U1`": what an entry of slack.allow is written with. */
export const idsOf = ({ team, channel, user }: Who): string =>
  `team ${code(team)}, channel ${code(channel)}, user ${code(user)}`;
