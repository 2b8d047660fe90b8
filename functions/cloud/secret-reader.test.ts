import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useLocalAws } from '../../test/cloud/local-aws.ts';
import { type SecretsManager, startSecretsManager } from '../../test/cloud/secrets-manager.ts';
import { logTo } from '../../test/log-to.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';
import { createSecretReader, type SecretReader } from './secret-reader.ts';

const MINUTE_MS = 60_000;

let manager: SecretsManager;
let client: SecretsManagerClient;
let putBack = (): void => {};
let nowMs = 0;
let lines: string[] = [];
let reader: SecretReader;
beforeEach(async () => {
  putBack = useLocalAws();
  manager = await startSecretsManager();
  client = new SecretsManagerClient({ ...CLIENT_SETTINGS, endpoint: manager.url });
  nowMs = 0;
  lines = [];
  reader = createSecretReader({ client, name: 'whodisk/ssh', clockMs: () => nowMs, log: logTo(lines) });
});
afterEach(async () => {
  client.destroy();
  await manager.stop();
  putBack();
});

describe('a secret', () => {
  test('is asked for once a minute, by one of all who want it', async () => {
    manager.put('whodisk/ssh', 'first');
    const read = await Promise.all([reader.read(), reader.read(), reader.read()]);
    expect(read).toEqual([{ text: 'first' }, { text: 'first' }, { text: 'first' }]);
    nowMs = MINUTE_MS - 1;
    await reader.read();
    expect(manager.asked).toEqual(['whodisk/ssh']);
  });

  test('that is replaced counts within a minute', async () => {
    manager.put('whodisk/ssh', 'first');
    await reader.read();
    manager.put('whodisk/ssh', 'second');
    expect(await reader.read()).toEqual({ text: 'first' });
    nowMs = MINUTE_MS;
    expect(await reader.read()).toEqual({ text: 'second' });
  });

  test('goes on to count for some minutes while Secrets Manager cannot be reached, and no longer', async () => {
    manager.put('whodisk/ssh', 'top-s3cret');
    await reader.read();
    await manager.stop();
    nowMs = 5 * MINUTE_MS;
    expect(await reader.read()).toEqual({ text: 'top-s3cret' });
    expect(lines.join()).toContain('whodisk/ssh');
    nowMs = 11 * MINUTE_MS;
    expect(await reader.read()).toEqual({ problem: expect.stringContaining('whodisk/ssh cannot be read') });
    expect(lines.join()).not.toContain('top-s3cret');
  });

  test('that is refused counts no more, from the next time that it is asked for', async () => {
    manager.put('whodisk/ssh', 'first');
    await reader.read();
    manager.deny('whodisk/ssh', true);
    nowMs = MINUTE_MS;
    const read = await reader.read();
    expect(read).toEqual({
      problem: expect.stringContaining('refuses the secret whodisk/ssh (AccessDeniedException)'),
    });
    // Whose role it is stays between AWS and its log.
    expect(JSON.stringify(read)).not.toContain('arn:aws:sts');
  });

  test('that is refused is not asked for by everybody at once, and counts again when it is allowed', async () => {
    manager.put('whodisk/ssh', 'first');
    manager.deny('whodisk/ssh', true);
    for (let reads = 0; reads < 10; reads++) expect(await reader.read()).toHaveProperty('problem');
    expect(manager.asked).toHaveLength(1);
    manager.deny('whodisk/ssh', false);
    nowMs = 5000;
    expect(await reader.read()).toEqual({ text: 'first' });
  });

  test('is asked for by its ARN, of which messages say no account', async () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:whodisk/ssh-AbCdEf';
    const named = createSecretReader({ client, name: arn, clockMs: () => nowMs, log: logTo(lines) });
    manager.deny(arn, true);
    const read = await named.read();
    expect(manager.asked).toEqual([arn]);
    expect(read).toEqual({ problem: expect.stringContaining('the secret whodisk/ssh-AbCdEf (') });
    expect(named.name).toBe('whodisk/ssh-AbCdEf');
  });

  test('that does not exist, or has no value yet, says what to do', async () => {
    expect(await reader.read()).toEqual({ problem: expect.stringContaining('put one into it') });
  });
});
