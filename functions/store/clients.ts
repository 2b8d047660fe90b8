/** Makes DynamoDB clients; nothing of the SDK is loaded before. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FailoverHandler } from './embedded/failover.ts';

/** Credentials and region come from the SDK's own chain: environment, ~/.aws, SSO, the machine's role. */
export async function cloudClient(where: { endpoint?: string; region?: string }): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await loadSdk();
  return new DynamoDBClient({
    ...(where.endpoint !== undefined && { endpoint: where.endpoint }),
    ...(where.region !== undefined && { region: where.region }),
    maxAttempts: MOST_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
  });
}

/** One that speaks to the embedded store: no network, no credentials, no configuration file, no retries but the handler's. */
export async function embeddedClient(handler: FailoverHandler): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await loadSdk();
  return new DynamoDBClient({
    endpoint: 'http://whodisk.invalid',
    region: 'local',
    credentials: { accessKeyId: 'whodisk', secretAccessKey: 'whodisk' },
    // Who may ask is decided by the mode of the socket's folder; a signature would only cost time.
    signer: { sign: async (request) => request },
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    accountIdEndpointMode: 'disabled',
    authSchemePreference: [],
    endpointDiscoveryEnabled: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: 'whodisk',
    disableClockSkewCorrection: true,
    requestHandler: { ...handler },
  });
}

/** On Node 20 the SDK prints five lines about versions to come when the first client is made, whichever it is; ours is pinned. */
export function quietSdk(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

async function loadSdk(): Promise<typeof import('./dynamodb-sdk.ts')['sdk']> {
  quietSdk();
  const { sdk } = await import('./dynamodb-sdk.ts');
  return sdk;
}

const MOST_ATTEMPTS = 6;
const CONNECT_MS = 3000;
/** Below the store's deadline for a request, so that an answer that is lost is asked for again. */
const ANSWER_MS = 4000;
