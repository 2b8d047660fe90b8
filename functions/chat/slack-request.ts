/** What Slack sends: a slash command, or that a button was pressed. Good signatures only say that it comes from Slack, not that it is sane. */
import * as z from 'zod';

/** Who asks, and from where. */
export interface Who {
  /** Of the person: in a channel that two companies share it is their own. */
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  readonly userName?: string;
}

export type SlackRequest =
  | {
      readonly kind: 'command';
      readonly who: Who;
      /** "/whodisk", or as whoever installed it called it. */
      readonly command: string;
      readonly text: string;
      readonly responseUrl: string;
    }
  | {
      readonly kind: 'press';
      readonly who: Who;
      readonly action: string;
      readonly value: string;
      readonly responseUrl: string;
    }
  /** Nothing is to be done: a check of the certificate, a kind of interaction that is not ours. */
  | { readonly kind: 'nothing' };

const id = z.string().regex(/^[A-Z0-9]{1,32}$/u);
const name = z.string().max(200);
const url = z.string().max(2000);

const commandSchema = z.object({
  team_id: id,
  channel_id: id,
  user_id: id,
  user_name: name.optional(),
  command: z.string().regex(/^\/[\w-]{1,32}$/u),
  text: z.string().max(8000).default(''),
  response_url: url,
});

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const pressSchema = z.object({
  type: z.literal('block_actions'),
  team: z.object({ id }),
  user: z.object({ id, team_id: id.optional(), username: name.optional(), name: name.optional() }),
  channel: z.object({ id }),
  response_url: url,
  actions: z.array(z.object({ action_id: z.string().max(255), value: z.string().max(2000).default('') })).min(1),
});

/** undefined: it is neither. @param body decoded; application/x-www-form-urlencoded */
export function readSlackRequest(body: string): SlackRequest | undefined {
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  if (payload !== null) return readPayload(payload);
  // https://docs.slack.dev/interactivity/implementing-slash-commands: a check of the certificate now and then.
  if (form.get('ssl_check') === '1') return { kind: 'nothing' };
  const read = commandSchema.safeParse(Object.fromEntries(form));
  if (!read.success) return undefined;
  const { team_id, channel_id, user_id, user_name, command, text, response_url } = read.data;
  const who = {
    team: team_id,
    channel: channel_id,
    user: user_id,
    ...(user_name !== undefined && { userName: user_name }),
  };
  return { kind: 'command', who, command, text, responseUrl: response_url };
}

function readPayload(text: string): SlackRequest | undefined {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return undefined;
  }
  const kind = z.object({ type: z.string() }).safeParse(payload);
  if (kind.success && kind.data.type !== 'block_actions') return { kind: 'nothing' };
  const read = pressSchema.safeParse(payload);
  if (!read.success) return undefined;
  const { team, user, channel, response_url, actions } = read.data;
  const userName = user.username ?? user.name;
  const [first] = actions;
  return {
    kind: 'press',
    who: {
      team: user.team_id ?? team.id,
      channel: channel.id,
      user: user.id,
      ...(userName !== undefined && { userName }),
    },
    action: first?.action_id ?? '',
    value: first?.value ?? '',
    responseUrl: response_url,
  };
}
