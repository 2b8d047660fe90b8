/** One message to a destination of whodisk.yml: Slack's incoming webhook, or a URL that gets a signed JSON body. */
import { createHmac } from 'node:crypto';
import type { Destination } from '../config/service-config.ts';
import type { SlackMessage } from '../render/slack-sweep.ts';
import { readSecret } from '../secrets.ts';
import type { TellDeps } from './deps.ts';
import { type Told, toldBy } from './outcome.ts';
import type { WebhookBody } from './webhook-body.ts';

export interface Message {
  /** The same each time it is tried: whoever gets it twice knows it by this. */
  readonly id: string;
  readonly slack: () => Pick<SlackMessage, 'text'> & Partial<SlackMessage>;
  readonly body: () => WebhookBody;
}

/** Never rejects. */
export async function sendTo(
  { env, post, nowMs }: Pick<TellDeps, 'env' | 'post' | 'nowMs'>,
  destination: Destination,
  { id, slack, body }: Message,
): Promise<Told> {
  const read = await readSecret(destination.kind === 'slack' ? destination.webhook : destination.secret, env);
  if ('problem' in read) return { kind: 'again', message: read.problem };
  if (destination.kind === 'slack') {
    // Whoever sets the service up names it, though not in whodisk.yml itself: it is a secret.
    return toldBy(await post({ url: read.secret, body: JSON.stringify(slack()), isConfigured: true }));
  }
  const text = JSON.stringify(body());
  const timestamp = String(Math.floor(nowMs() / 1000));
  const headers = {
    'x-whodisk-id': id,
    'x-whodisk-timestamp': timestamp,
    'x-whodisk-signature': signatureOf(read.secret, timestamp, text),
  };
  return toldBy(await post({ url: destination.url, body: text, headers, isConfigured: true }));
}

/** "sha256=" and the HMAC-SHA-256 (RFC 2104) in hex of the timestamp, a full stop and the body, with the secret as it was read. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
