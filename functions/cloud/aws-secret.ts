/** A secret by its name, with a client of its own. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Log } from '../log.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';
import { createSecretReader, type SecretReader } from './secret-reader.ts';

/** @param name ARN or name */
export function awsSecret(name: string, log: Log): SecretReader {
  const client = new SecretsManagerClient(CLIENT_SETTINGS);
  return createSecretReader({ client, name, clockMs: Date.now, log });
}
