/** An answer in the form that Slack takes, at once or later. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackConfig } from '../config/service-config.ts';
import { type ResponseMessage, sendToResponseUrl } from '../tell/response-url.ts';
import type { Answer } from './ask.ts';
import type { ChatDeps } from './deps.ts';

/** The same for a slash command's own answer and for its response_url: https://docs.slack.dev/interactivity/handling-user-interaction. */
export function reply({ text, blocks, inChannel }: Answer): ResponseMessage {
  return { response_type: inChannel === true ? 'in_channel' : 'ephemeral', replace_original: false, text, blocks };
}

/** What could not be sent is tried once more after this. */
const AGAIN_MS = 2000;

/** Never rejects. undefined: there is nothing to say. */
export async function respondLate(
  url: string,
  answer: Answer | undefined,
  deps: ChatDeps,
  { responseOrigins }: SlackConfig,
): Promise<void> {
  if (answer === undefined) return;
  const send = () => sendToResponseUrl(deps, responseOrigins, url, reply(answer));
  try {
    let told = await send();
    if (told.kind === 'again') {
      await sleep(AGAIN_MS);
      told = await send();
    }
    if (told.kind !== 'told') deps.log.warn('a late answer in chat was not taken', { why: told.message });
  } catch (error) {
    deps.log.error('whodisk itself failed in chat, please report it', { detail: detailOf(error) });
  }
}

export const detailOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
