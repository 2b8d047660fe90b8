/** A function behind an HTTP API of API Gateway (payload format 2.0). */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import * as z from 'zod';
import type { Background } from '../background.ts';
import { fittingAnswer } from './answer-size.ts';
import type { CloudLog } from './log.ts';

export type HttpFunction = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Nothing of Hono's types but its `fetch` is needed. */
type App = Pick<Hono, 'fetch'>;

/**
 * Once it has answered Lambda stops the process where it is, perhaps for good. So what goes on after an answer is waited for before that
 * answer is given away: it is late then, but what it announces does follow.
 *
 * @param background what the app was given for it
 */
export function httpFunction(app: App, log: CloudLog, background?: Background): HttpFunction {
  // Hono and @types/aws-lambda describe the same events by different types.
  const answer = handle(app as Hono) as unknown as HttpFunction;
  return async (event, context) => {
    log.begin(context);
    const result = await answer({ ...event, rawPath: encodedPath(event.rawPath) }, context);
    await background?.settled(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
    return fittingAnswer(result, event.headers['accept-encoding']);
  };
}

/**
 * API Gateway hands over the path of an HTTP API decoded, unlike that of any other: "50%25" as "50%". What was a slash in a name cannot be told
 * any more. Without its lone surrogates, which no address has.
 */
function encodedPath(rawPath: string): string {
  return rawPath
    .split('/')
    .map((part) => encodeURIComponent(Buffer.from(part).toString()))
    .join('/');
}

/** From where a request came: API Gateway's own word, never a header. For ApiDeps.addressOf. */
export function sourceAddress(env: unknown): string | undefined {
  return bindingsSchema.safeParse(env).data?.requestContext.http.sourceIp;
}

/** When API Gateway had it, epoch: before there was a process to answer it. For ChatDeps.askedAtMs. */
export function gatewayTimeMs(env: unknown): number | undefined {
  return bindingsSchema.safeParse(env).data?.requestContext.timeEpoch;
}

const bindingsSchema = z.object({
  requestContext: z.object({ http: z.object({ sourceIp: z.string() }), timeEpoch: z.number().optional() }),
});
const MARGIN_MS = 500;
