/** What Slack sends. */
import { signed } from '../chat/signed.ts';

export interface SlackSite {
  /** Where whodisk is. */
  readonly url: string;
  /** Sends the request; default fetch. */
  readonly send?: (url: URL, request: SlackRequest) => Promise<Response>;
  readonly signingSecret: string;
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  readonly responseUrl: string;
}

export interface SlackRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function slashCommand(site: SlackSite, text: string): Promise<Response> {
  return send(site, {
    token: 'deprecated',
    team_id: site.team,
    team_domain: 'acme',
    channel_id: site.channel,
    channel_name: 'ops',
    user_id: site.user,
    user_name: 'ann',
    command: '/whodisk',
    text,
    response_url: site.responseUrl,
    trigger_id: '1.2.3',
  });
}

/** @param action of a button in a message that was received */
export function pressButton(site: SlackSite, action: { action_id: string; value?: string }): Promise<Response> {
  const payload = {
    type: 'block_actions',
    team: { id: site.team, domain: 'acme' },
    user: { id: site.user, username: 'ann', name: 'ann', team_id: site.team },
    channel: { id: site.channel, name: 'ops' },
    container: { type: 'message', channel_id: site.channel },
    response_url: site.responseUrl,
    trigger_id: '4.5.6',
    actions: [{ type: 'button', block_id: 'b', action_ts: '1.0', ...action }],
  };
  return send(site, { payload: JSON.stringify(payload) });
}

function send({ url, signingSecret, send: sent = fetch }: SlackSite, form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(form).toString();
  return sent(new URL('/chat/slack', url), { method: 'POST', headers: signed(body, Date.now(), signingSecret), body });
}
