/** The chat: POST /chat/slack, the slash command and the buttons of its answers. */
import { type Context, Hono } from 'hono';
import { bodyWithin } from '../body-within.ts';
import type { Config } from '../config/read-config.ts';
import type { SlackConfig } from '../config/service-config.ts';
import { inTime } from '../in-time.ts';
import { readSecret } from '../secrets.ts';
import { StoreProblem } from '../store/problem.ts';
import { answerTo } from './answer.ts';
import { type Answer, storeTrouble, words } from './ask.ts';
import type { ChatDeps } from './deps.ts';
import { isFirst } from './replay.ts';
import { detailOf, reply, respondLate } from './respond.ts';
import { seldom } from './seldom.ts';
import { signatureProblem } from './signature.ts';
import { readSlackRequest, type SlackRequest } from './slack-request.ts';

/** Slack's own requests have a few KiB. */
const MOST_BODY_BYTES = 64 * 1024;
/** Slack gives up after three seconds: https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response. */
const PATIENCE_MS = 800;
const UNSIGNED_MS = 60_000;

/**
 * To be mounted at the root: it has one path, /chat/slack. It looks after its callers itself. Slack sends neither commands nor presses
 * of buttons again (only events carry X-Slack-Retry-Num), so that what comes twice is a replay.
 */
export function createChat(deps: ChatDeps): Hono {
  const app = new Hono();
  const sayUnsigned = seldom(
    (why, unsaid) =>
      deps.log.warn('a request to /chat/slack is not signed by Slack', {
        why,
        othersBefore: unsaid === 0 ? undefined : unsaid,
      }),
    UNSIGNED_MS,
    deps.nowMs,
  );
  const unsigned: Unsigned = (c, why) => {
    sayUnsigned(why);
    // Whoever forges requests is told nothing but that.
    return c.text('This request is not signed as Slack signs, or it came before.\n', 401);
  };
  app.post('/chat/slack', (c) => receive(c, deps, unsigned));
  return app;
}

type Unsigned = (c: Context, why: string) => Response;

async function receive(c: Context, deps: ChatDeps, unsigned: Unsigned): Promise<Response> {
  const { log } = deps;
  const read = await bodyWithin(c.req.raw, MOST_BODY_BYTES);
  if (read.kind === 'too-long') {
    return c.text(`The body is longer than ${MOST_BODY_BYTES} bytes.\n`, 413, { connection: 'close' });
  }
  if (read.kind === 'cut-off') return c.text('The body ended before it was whole.\n', 400);
  const body = read.bytes;
  const config = await deps.config();
  if ('problem' in config) {
    log.error('a request in chat is not answered', { why: config.problem });
    return c.text('whodisk.yml cannot be read: the log of whodisk says why.\n', 503);
  }
  const { slack } = config;
  if (slack === undefined) return c.text('Slack is not set up: see slack in whodisk.yml.\n', 404);
  const signing = await readSecret(slack.signingSecret, deps.env);
  if ('problem' in signing) {
    log.error('requests of Slack cannot be checked', { why: signing.problem });
    return c.text('The signing secret cannot be read: the log of whodisk says why.\n', 503);
  }
  const signature = c.req.header('x-slack-signature');
  const problem = signatureProblem(
    { timestamp: c.req.header('x-slack-request-timestamp'), signature, body },
    signing.secret,
    deps.nowMs(),
  );
  if (problem !== undefined || signature === undefined) return unsigned(c, problem ?? 'no signature');
  const request = readSlackRequest(new TextDecoder().decode(body));
  if (request === undefined) return c.text('This is neither a slash command nor the press of a button.\n', 400);
  if (request.kind === 'nothing') return c.body(null, 200);

  const patienceMs = patienceLeftMs(c, deps);
  const work = outcomeOf(request, signature, deps, config, slack);
  const outcome = await inTime(work, patienceMs);
  if (outcome === 'replayed') return unsigned(c, 'a request that came before');
  if (request.kind === 'command' && outcome !== 'late') return c.json(reply(outcome ?? words('Done.')));
  // To a press nobody sees what is answered at once.
  const told = work.then((known) =>
    known === 'replayed' ? undefined : respondLate(request.responseUrl, known, deps, slack),
  );
  deps.background?.(told);
  if (request.kind === 'command') return c.json(reply(words('Looking: the answer follows.')));
  if (outcome !== 'late') await inTime(told, patienceMs);
  return c.body(null, 200);
}

/** What came before counts, such as the start of a process: an answer that Slack does not wait for any more nobody sees. */
function patienceLeftMs(c: Context, { askedAtMs, patienceMs = PATIENCE_MS, nowMs }: ChatDeps): number {
  const now = nowMs();
  return Math.max(0, patienceMs - Math.max(0, now - (askedAtMs?.(c.env) ?? now)));
}

/** Never rejects. undefined: there is nothing to say. */
async function outcomeOf(
  request: Exclude<SlackRequest, { kind: 'nothing' }>,
  signature: string,
  deps: ChatDeps,
  config: Config,
  slack: SlackConfig,
): Promise<Answer | 'replayed' | undefined> {
  try {
    const first = await isFirst(signature, deps.store, deps.nowMs());
    // Whether it came before cannot be told, so nothing is done.
    if (first instanceof StoreProblem) return storeTrouble({ deps }, first);
    return first ? await answerTo(request, deps, config, slack) : 'replayed';
  } catch (error) {
    deps.log.error('whodisk itself failed in chat, please report it', { detail: detailOf(error) });
    return words('whodisk itself failed, which is a bug: its log has the details.');
  }
}
