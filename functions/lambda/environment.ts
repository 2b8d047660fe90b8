/** What the functions are told by their environment, as serverless.yml sets it; nobody else there reads it. Each has only what it needs. */
import * as z from 'zod';

const queueUrl = z.url();
const secretName = z.string().min(1);

/** By the names in the code, the variables and what they hold. */
const VARIABLES = {
  /** The DynamoDB table. */
  table: ['WHODISK_TABLE', z.string().min(3)],
  planQueueUrl: ['WHODISK_PLAN_QUEUE_URL', queueUrl],
  shardQueueUrl: ['WHODISK_SHARD_QUEUE_URL', queueUrl],
  finishQueueUrl: ['WHODISK_FINISH_QUEUE_URL', queueUrl],
  /** ARN or name of a secret that is one private key or several, as ssh-keygen writes them. */
  sshKeySecret: ['WHODISK_SSH_KEY_SECRET', secretName],
  /** ARN or name of a secret that is a JSON object, NAME to value: what `{env: NAME}` in whodisk.yml means here. */
  secrets: ['WHODISK_SECRETS', secretName],
  /** ARN or name of a secret that is the token of an admin, or two of them, one to a line. */
  apiTokenSecret: ['WHODISK_API_TOKEN_SECRET', secretName],
  /** Where whodisk.yml is: 'package', or s3://BUCKET/PREFIX/ as s3PlaceOf (functions/cloud/s3-objects.ts) takes it. */
  config: ['WHODISK_CONFIG', z.string().regex(/^(?:package|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/.*)?)$/u)],
  /** How long SQS waits for a worker before it delivers a shard again: the visibility of the queue of shards. */
  redeliverySeconds: ['WHODISK_REDELIVERY_SECONDS', z.coerce.number().int().min(1).max(43_200)],
  stage: ['WHODISK_STAGE', z.string().min(1)],
} as const satisfies Record<string, readonly [string, z.ZodType]>;

export type EnvironmentName = keyof typeof VARIABLES;
export type Environment = { readonly [Name in EnvironmentName]: z.output<(typeof VARIABLES)[Name][1]> };

/** @throws a sentence that names each variable that is missing or of no use, and nothing of what is in them */
export function readEnvironment<Name extends EnvironmentName>(
  names: readonly Name[],
  env: NodeJS.ProcessEnv = process.env,
): Pick<Environment, Name> {
  const read = names.map((name) => {
    const [variable, schema] = VARIABLES[name];
    return { name, variable, value: schema.safeParse(env[variable]) };
  });
  const wrong = read.flatMap(({ variable, value }) => (value.success ? [] : [variable]));
  if (wrong.length > 0) throw new Error(`The environment of the function is not as it should be: ${wrong.join(', ')}.`);
  return Object.fromEntries(read.map(({ name, value }) => [name, value.data])) as Pick<Environment, Name>;
}
