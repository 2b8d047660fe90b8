/** Slack's response_url: where the answer to a command or a button goes, three times at most and nowhere else. */
import { createHash, randomUUID } from 'node:crypto';
import type { SlackMessage } from '../render/slack-sweep.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { type Told, toldBy } from './outcome.ts';
import type { Post } from './post.ts';

export interface ResponseUrlDeps {
  readonly store: Pick<Store, 'claim' | 'release'>;
  readonly post: Post;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Why nothing may be sent there, a sentence without the URL, which is a secret; undefined where it may.
 *
 * @param origins `slack.responseOrigins` of the configuration
 */
export function responseUrlProblem(url: string, origins: readonly string[]): string | undefined {
  if (!URL.canParse(url)) return 'The response_url is no URL.';
  const { origin, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'The response_url has a user in it: Slack sends none like that.';
  if (origins.includes(origin)) return undefined;
  return 'The response_url leads to an origin that slack.responseOrigins in whodisk.yml does not list: nothing is sent there.';
}

export interface ResponseMessage extends Partial<SlackMessage> {
  readonly text: string;
  /** Slack's own default is "ephemeral": for whoever asked alone. */
  readonly response_type?: 'in_channel' | 'ephemeral';
  readonly replace_original?: boolean;
}

/**
 * Sends a message there, once of at most three times for one URL, whoever sends (a use is claimed as `response-url#HASH#n`). A use is
 * only given back where there was no connection: of a 500 or a broken answer nobody knows whether Slack counts it. Never rejects.
 */
export async function sendToResponseUrl(
  { store, post, nowMs }: ResponseUrlDeps,
  origins: readonly string[],
  url: string,
  message: ResponseMessage,
): Promise<Told> {
  const problem = responseUrlProblem(url, origins);
  if (problem !== undefined) return { kind: 'given-up', message: problem };
  const hash = createHash('sha256').update(url).digest('hex');
  const me = randomUUID();
  for (let use = 1; use <= MOST_USES; use++) {
    const name = `response-url#${hash}#${use}`;
    const claimed = await store.claim(name, me, nowMs() + LIFE_MS);
    if (claimed instanceof StoreProblem) return { kind: 'again', message: claimed.message };
    if (claimed.holder !== me) continue;
    const posted = await post({ url, body: JSON.stringify(message), isConfigured: true });
    if (posted.kind === 'failed' && posted.isUnsent) await store.release(name, me);
    return toldBy(posted);
  }
  return {
    kind: 'given-up',
    message: `The response_url was used ${MOST_USES} times already: Slack's limit is 5, ours ${MOST_USES}.`,
  };
}

const MOST_USES = 3;
/** Slack lets a response_url be used for 30 minutes (https://api.slack.com/interactivity/handling#message_responses). */
const LIFE_MS = 40 * 60_000;
