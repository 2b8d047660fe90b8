/** The function `chat`: the slash command of Slack, and the buttons of its answers. */
import { Hono } from 'hono';
import { strictHeaders } from '../api/headers.ts';
import { createBackground } from '../background.ts';
import { createChat } from '../chat/app.ts';
import { CHAT_PATIENCE_MS } from '../cloud/chat-patience.ts';
import { openEdge } from '../cloud/edge.ts';
import { gatewayTimeMs, type HttpFunction, httpFunction } from '../cloud/http-function.ts';
import { cloudLog } from '../cloud/log.ts';
import { tellingOf } from '../cloud/telling.ts';
import { TELLS_NOTHING } from '../cloud/tells-nothing.ts';
import { warm } from '../cloud/warm.ts';
import { createSweepService } from '../sweep/create-service.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const told = readEnvironment(['table', 'planQueueUrl', 'finishQueueUrl', 'secrets', 'redeliverySeconds']);
  const log = cloudLog();
  const queueUrls = { plan: told.planQueueUrl, finish: told.finishQueueUrl };
  const edge = await openEdge({ ...told, log, queueUrls });
  const background = createBackground();
  const chat = createChat({
    ...tellingOf(edge, told.secrets),
    service: createSweepService({ ...edge, ...TELLS_NOTHING }),
    background: background.add,
    patienceMs: CHAT_PATIENCE_MS,
    askedAtMs: gatewayTimeMs,
  });
  return httpFunction(new Hono().use('*', strictHeaders).route('/', chat), log, background);
});

export const handler: HttpFunction = async (event, context) => (await start())(event, context);
