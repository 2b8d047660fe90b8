/**
 * What runs in an execution environment: the handler is imported as the runtime of Lambda does it, then called for one event after the
 * other. Arguments: the file, the name of the export.
 */
import { pathToFileURL } from 'node:url';
import type { Context as LambdaContext } from 'aws-lambda';

/** To it. */
export interface Call {
  readonly id: string;
  readonly event: unknown;
  /** Epoch milliseconds: then it is killed. */
  readonly endsAtMs: number;
}

/** From it. */
export type Answer =
  | { readonly kind: 'ready'; readonly importMs: number }
  | { readonly kind: 'answered'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: string; readonly message: string };

/** Without the callbacks of old, which no handler here calls. */
type Context = Omit<LambdaContext, 'done' | 'fail' | 'succeed'>;

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const [file = '', name = 'handler'] = process.argv.slice(2);
const began = performance.now();
const module = (await import(pathToFileURL(file).href)) as Record<string, Handler | undefined>;
const handler = module[name];
if (handler === undefined) throw new Error(`${file} has no export ${name}`);
const send = (answer: Answer): void => void process.send?.(answer);

process.on('disconnect', () => process.exit());
process.on('message', (call: Call) => {
  const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
  const context: Context = {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env['AWS_REGION']}:123456789012:function:${functionName}`,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    awsRequestId: call.id,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'test',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => call.endsAtMs - Date.now(),
  };
  handler(call.event, context).then(
    (value) => send({ kind: 'answered', id: call.id, value: value ?? null }),
    (error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send({ kind: 'failed', id: call.id, message });
    },
  );
});
send({ kind: 'ready', importMs: performance.now() - began });
