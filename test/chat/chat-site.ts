/** The chat in memory, over a real store, with what Slack sends signed as Slack signs it. */
import type { Hono } from 'hono';
import { createChat } from '../../functions/chat/app.ts';
import type { ChatDeps } from '../../functions/chat/deps.ts';
import type { Config } from '../../functions/config/read-config.ts';
import type { SlackPermission } from '../../functions/config/service-config.ts';
import type { SlackMessage } from '../../functions/render/slack-message.ts';
import type { Store } from '../../functions/store/store.ts';
import { createSweepService } from '../../functions/sweep/create-service.ts';
import type { Message } from '../../functions/sweep/messages.ts';
import { createPost } from '../../functions/tell/post.ts';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { logTo } from '../log-to.ts';
import { startReceiver } from '../serve/receiver.ts';
import { type StoreSite, storeSite } from '../store/embedded.ts';
import { SECRET, signed } from './signed.ts';

export interface ChatSite {
  readonly app: Hono;
  readonly store: Store;
  readonly logged: string[];
  /** Messages in the queue, on which nobody works. */
  readonly queued: readonly Message[];
  /** A response_url that nobody has used. */
  responseUrl(): string;
  /** What was sent to them all, in this order. */
  responses(): readonly LateReply[];
  readonly config: Config;
  /** @returns the answer's JSON */
  command(text: string, from?: From): Promise<Reply>;
  /** @returns what was sent to the response_url */
  press(action: string, value: unknown, from?: From): Promise<LateReply | undefined>;
  /** As it is, signed now unless said otherwise. */
  post(body: string, more?: { readonly headers?: Record<string, string>; readonly atMs?: number }): Promise<Response>;
  /** What goes on after the answers. */
  settled(): Promise<void>;
  end(): Promise<void>;
}

export interface From {
  readonly team?: string;
  readonly channel?: string;
  readonly user?: string;
  readonly responseUrl?: string;
}

export interface Reply extends SlackMessage {
  readonly response_type: string;
}

interface LateReply extends Reply {
  readonly replace_original: boolean;
}

export interface ChatSiteOptions extends Partial<ChatDeps> {
  readonly hosts?: readonly string[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly allow?: readonly SlackPermission[];
  readonly moreConfig?: Partial<Config>;
}

export async function chatSite(options: ChatSiteOptions = {}): Promise<ChatSite> {
  const {
    hosts = ['db-1', 'db-2', 'secret-1'],
    groups = { db: ['db-1', 'db-2'] },
    allow,
    moreConfig,
    ...more
  } = options;
  const site: StoreSite = storeSite();
  const receiver = await startReceiver();
  const nowMs = more.nowMs ?? Date.now;
  const store = more.store ?? (await site.open({ nowMs }));
  const logged: string[] = [];
  const log = logTo(logged);
  const config: Config = {
    ...emptyConfig(inventoryOf(hosts, groups)),
    slack: {
      signingSecret: { env: 'SIGNING_SECRET' },
      responseOrigins: [receiver.origin],
      allow: allow ?? [{ team: 'T1', channels: ['C1'], targets: ['@db'] }],
    },
    ...moreConfig,
  };
  const queued: Message[] = [];
  const going: Promise<void>[] = [];
  const service = createSweepService({
    store,
    queue: { send: async (messages) => void queued.push(...messages) },
    config: async () => config,
    local: { user: 'whodisk', homeDirectory: '/nowhere', localHostname: 'here', stateFolder: site.folder } as never,
    nowMs,
    log,
    tell: async () => true,
  });
  const app = createChat({
    store,
    service,
    config: async () => config,
    env: { SIGNING_SECRET: SECRET },
    post: createPost(),
    nowMs,
    log,
    background: (work) => void going.push(work),
    patienceMs: 5000,
    ...more,
  });
  const post: ChatSite['post'] = async (body, { headers = {}, atMs = nowMs() } = {}) =>
    await app.request('/chat/slack', { method: 'POST', headers: { ...signed(body, atMs), ...headers }, body });
  const settled = async (): Promise<void> => {
    await Promise.all(going.splice(0));
  };
  const responseUrl = (): string => {
    trigger += 1;
    return `${receiver.origin}/response/${trigger}`;
  };
  return {
    app,
    store,
    logged,
    queued,
    responses: () => receiver.received.map(({ json }) => json as LateReply),
    responseUrl,
    config,
    post,
    settled,
    async command(text, from = {}) {
      const response = await post(commandBody(text, { responseUrl: responseUrl(), ...from }));
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as Reply;
    },
    async press(action, value, from = {}) {
      const before = receiver.received.length;
      const response = await post(pressBody(action, value, { responseUrl: responseUrl(), ...from }));
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      await settled();
      return receiver.received[before]?.json as LateReply | undefined;
    },
    async end() {
      await receiver.stop();
      await site.end();
    },
  };
}

let trigger = 0;

export function commandBody(
  text: string,
  { team = 'T1', channel = 'C1', user = 'U1', responseUrl = 'https://hooks.slack.com/commands/T1/1/a' }: From = {},
): string {
  trigger += 1;
  return new URLSearchParams({
    team_id: team,
    channel_id: channel,
    user_id: user,
    user_name: 'ann',
    command: '/whodisk',
    text,
    response_url: responseUrl,
    trigger_id: `${trigger}.1`,
  }).toString();
}

export function pressBody(
  action: string,
  value: unknown,
  { team = 'T1', channel = 'C1', user = 'U1', responseUrl = 'https://hooks.slack.com/commands/T1/1/a' }: From = {},
): string {
  trigger += 1;
  const payload = {
    type: 'block_actions',
    team: { id: team },
    user: { id: user, username: 'ann', team_id: team },
    channel: { id: channel, name: 'ops' },
    response_url: responseUrl,
    trigger_id: `${trigger}.1`,
    actions: [{ type: 'button', action_id: action, value: typeof value === 'string' ? value : JSON.stringify(value) }],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

function inventoryOf(hosts: readonly string[], groups: Readonly<Record<string, readonly string[]>>): Inventory {
  return {
    hosts: new Map(hosts.map((name) => [name, { name, settings: {}, where: 'whodisk.yml' }])),
    groups: new Map(Object.entries(groups)),
  };
}

function emptyConfig(inventory: Inventory): Config {
  return {
    defaults: {},
    retentionDays: 30,
    inventory,
    tell: new Map(),
    schedules: [],
    alerts: { label: 'instance', hosts: new Map(), quietMinutes: 10, tell: [] },
  };
}

/** Every text of an answer that a person reads, one a line. */
export function shown(answer: { readonly blocks: readonly unknown[] } | undefined): string {
  return textsOf(answer?.blocks ?? []).join('\n');
}

function textsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'text' in value && typeof value.text === 'string' ? [value.text] : [];
  return [...own, ...Object.values(value).flatMap(textsOf)];
}
