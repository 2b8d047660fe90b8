/** No, politely: what is allowed here, and whom to ask for more. */

import { askedCode } from '../render/slack-row.ts';
import { code } from '../render/slack-text.ts';
import { ulid } from '../ulid.ts';
import { type Answer, type Ask, askerOf, idsOf, words } from './ask.ts';

const MOST_WHAT = 300;

/** It stands in the audit and in the log. @param what was asked for, in the words of whoever asked */
export async function refuse(ask: Ask, what: readonly string[]): Promise<Answer> {
  const { deps, who, may } = ask;
  const nowMs = deps.nowMs();
  const why =
    may.targets.length === 0 ? 'no entry of slack.allow fits' : 'not among the targets that slack.allow gives';
  const asked = what.join(' ').slice(0, MOST_WHAT);
  deps.log.warn('refused in chat', { team: who.team, channel: who.channel, user: who.user, what: asked, why });
  const problem = await deps.store.addAudit({
    event: 'refused',
    at: new Date(nowMs).toISOString(),
    id: ulid(nowMs),
    by: askerOf(who),
    what: asked,
    why,
  });
  if (problem !== undefined) deps.log.error('a refusal is not in the audit', { detail: problem.message });
  const wanted = what.length === 0 ? '' : ` ${askedCode(what)}`;
  return words(
    may.targets.length === 0
      ? `Sorry, nothing has been allowed to you in this channel yet, so${wanted} cannot be shown or swept from here.`
      : `Sorry,${wanted} goes beyond what you may sweep from this channel: that is ${askedCode(may.targets)}.`,
    `Whoever runs whodisk can allow it with an entry under ${code('slack.allow')} in whodisk.yml for ${idsOf(who)}.`,
  );
}
