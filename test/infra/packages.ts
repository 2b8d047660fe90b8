/** Which packages a bundle may hold. Whoever adds one here has seen what it does to the size: `npm run bench:package`. */

const DYNAMODB = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/core',
  '@aws-sdk/credential-provider-env',
  '@aws-sdk/dynamodb-codec',
  '@aws-sdk/middleware-endpoint-discovery',
  '@aws/lambda-invoke-store',
  '@smithy/core',
  '@smithy/node-http-handler',
  '@smithy/signature-v4',
  '@smithy/types',
];
const ALL = [...DYNAMODB, '@aws-lambda-powertools/commons', '@aws-lambda-powertools/logger', 'zod'];
const SQS = ['@aws-sdk/client-sqs', '@aws-sdk/middleware-sdk-sqs'];
const SECRETS = ['@aws-sdk/client-secrets-manager'];
const METRICS = ['@aws-lambda-powertools/metrics'];
/** How wide a text is on a screen. */
const TEXT = ['ansi-regex', 'get-east-asian-width', 'string-width', 'strip-ansi'];
const LIMITS = ['p-limit', 'yocto-queue'];

/** By function. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  api: [
    ...ALL,
    ...SQS,
    ...SECRETS,
    ...LIMITS,
    ...TEXT,
    '@asteasolutions/zod-to-openapi',
    '@hono/zod-openapi',
    '@hono/zod-validator',
    'hono',
    'rate-limiter-flexible',
  ],
  chat: [...ALL, ...SQS, ...SECRETS, ...TEXT, 'hono'],
  schedule: [...ALL, ...SQS, ...SECRETS, ...TEXT],
  config: [
    ...ALL,
    ...METRICS,
    ...LIMITS,
    '@aws-sdk/checksums',
    '@aws-sdk/client-ec2',
    '@aws-sdk/client-s3',
    '@aws-sdk/middleware-sdk-s3',
    '@aws-sdk/signature-v4-multi-region',
    '@aws-sdk/xml-builder',
    'croner',
    'yaml',
  ],
  plan: [...ALL, ...SQS],
  worker: [...ALL, ...SQS, ...SECRETS, ...LIMITS, 'asn1', 'bcrypt-pbkdf', 'safer-buffer', 'ssh2', 'tweetnacl'],
  finish: [...ALL, ...SQS, ...SECRETS, ...METRICS, ...TEXT],
  deadletter: [...ALL, ...SQS, ...METRICS],
  watchdog: [...ALL, ...SQS, ...SECRETS, ...METRICS, ...LIMITS, ...TEXT],
};
