/**
 * The whole cloud on one machine: what `npm run package` made of every function, from its zip, joined as the template says. SQS and S3 are
 * fauxqs, DynamoDB is dynalite, each over HTTP; Secrets Manager is a server of the test. Nothing but endpoints is different for a function.
 */
import { buildProgram } from '../store/build-program.ts';
import { type ConfigBucket, makeConfigBucket } from './config-bucket.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb.ts';
import { type EventSource, type Fault, startEventSource } from './event-source.ts';
import { type Asked, httpAnswer, httpEvent } from './http-event.ts';
import { routesOf } from './http-routes.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts';
import { REGION } from './lambda-process.ts';
import { mappingsOf } from './mappings.ts';
import type { Package } from './packaged.ts';
import { type Queues, startQueues } from './queues.ts';
import { type SecretsManager, startSecretsManager } from './secrets-manager.ts';
import { type Made, resolved } from './template.ts';

export interface CloudOptions {
  readonly package: Package;
  /** Of every queue; the template's are for a world in which nobody waits. */
  readonly visibilitySeconds: number;
  /** Of shards; default the template's, which may be more than this machine can do. */
  readonly workersAtATime?: number;
  /** Default the template's. */
  readonly workerTimeoutMs?: number;
  /** What goes wrong with a delivery of a shard, by the body and how often it was received. */
  readonly faultOf?: (body: string, receives: number) => Fault;
  /** More for each function to see. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Cloud {
  readonly dynamoDb: DynamoDb;
  /** By its logical id in the template: SshKeySecret, Secrets, ApiTokenSecret. */
  readonly secrets: SecretsManager;
  readonly bucket: ConfigBucket;
  readonly queues: Queues;
  /** By name. @throws Error where there is none */
  lambda(name: string): LambdaFunction;
  /** What is sent to the HTTP API: the function of the route answers. @throws Error where it failed */
  request(path: string, asked?: Asked): Promise<Response>;
  /** One invocation by a rule or a schedule. @throws Error where it failed */
  invoke(name: string, event?: unknown): Promise<unknown>;
  /** Deliveries, by the name of the function. */
  readonly sources: ReadonlyMap<string, EventSource>;
  end(): Promise<void>;
}

export const TABLE = 'whodisk-test';

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { template, functions } = options.package;
  const program = await buildProgram(new URL('./lambda-child.ts', import.meta.url));
  const dynamoDb = await startDynamoDb(TABLE);
  const secrets = await startSecretsManager();
  const queues = await startQueues(template, options.visibilitySeconds);
  const bucket = await makeConfigBucket(queues.endpoint);
  const made = new Map<string, Made>([...queues.made, ['Table', { ref: TABLE }]]);
  const values = { made, parameters: {}, region: REGION };
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_S3: queues.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    ...options.env,
  };
  const lambdas = new Map(
    [...functions.values()].map((packaged) => {
      const own = resolved(packaged.environment, template, values) as Record<string, unknown>;
      const texts = Object.entries(own).map(([name, value]) => [name, String(value)]);
      const timeoutMs = (packaged.name === 'worker' ? options.workerTimeoutMs : undefined) ?? packaged.timeoutMs;
      return [
        packaged.id,
        lambdaFunction({ ...packaged, timeoutMs }, program.file, { ...Object.fromEntries(texts), ...env }),
      ] as const;
    }),
  );
  const functionOf = (id: string): LambdaFunction => lambdas.get(id) ?? fail(`the template has no function ${id}`);
  const lambda = (name: string): LambdaFunction => functionOf(functions.get(name)?.id ?? name);
  const routes = routesOf(template, values);
  const sources = new Map<string, EventSource>();
  for (const { functionId, ...mapping } of mappingsOf(template, values)) {
    const target = functionOf(functionId);
    const isWorker = target.name === 'worker';
    const atATime = isWorker ? (options.workersAtATime ?? mapping.atATime) : mapping.atATime;
    const faultOf = isWorker ? options.faultOf : undefined;
    sources.set(target.name, startEventSource(queues.client, target, { ...mapping, atATime }, faultOf));
  }

  async function answerOf(target: LambdaFunction, event: unknown): Promise<unknown> {
    const invoked = await target.invoke(event);
    return invoked.kind === 'answered'
      ? invoked.value
      : fail(`${target.name} ${invoked.kind}: ${'message' in invoked ? invoked.message : ''}\n${target.output()}`);
  }

  return {
    dynamoDb,
    secrets,
    bucket,
    queues,
    lambda,
    sources,
    async request(path, asked = {}) {
      const method = asked.method ?? (asked.body === undefined ? 'GET' : 'POST');
      const id = routes(method, path.replace(/\?.*$/u, ''));
      if (id === undefined) return new Response('{"message":"Not Found"}', { status: 404 });
      return httpAnswer(await answerOf(functionOf(id), httpEvent(path, asked)));
    },
    invoke: (name, event = RULE_EVENT) => answerOf(lambda(name), event),
    async end() {
      await Promise.all([...sources.values()].map((source) => source.stop()));
      await Promise.all([...lambdas.values()].map((one) => one.end()));
      bucket.end();
      await queues.stop();
      await secrets.stop();
      await dynamoDb.stop();
      program.remove();
    },
  };
}

/** As a rule of EventBridge sends it, in part. */
const RULE_EVENT = { version: '0', 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };

function fail(message: string): never {
  throw new Error(message);
}
