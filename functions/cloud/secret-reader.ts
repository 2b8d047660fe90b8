/** One secret of AWS Secrets Manager, as it is now: one that is replaced counts within a minute, without a deploy. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { inTime } from '../in-time.ts';
import type { Log } from '../log.ts';

/** A problem is a sentence that names the secret, never what is in it. */
export type SecretText = { readonly text: string } | { readonly problem: string };

export interface SecretReader {
  /** For messages, which go to people who need not know the account: of an ARN only its end. */
  readonly name: string;
  /** Never rejects. */
  read(): Promise<SecretText>;
}

export interface SecretReaderOptions {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  /** ARN or name. */
  readonly name: string;
  /** Milliseconds. Of a clock that goes on while the function is frozen, which a monotonic one need not: else what is old looks new. */
  readonly clockMs: () => number;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Asked once a minute, by one at a time. While Secrets Manager is out of reach, what it said last goes on to count for some minutes; that it
 * refuses counts at once, and is asked again only after a moment.
 */
export function createSecretReader({ client, name: id, clockMs, log }: SecretReaderOptions): SecretReader {
  const name = id.replace(/^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:/u, '');
  let last: { readonly said: SecretText; readonly atMs: number } | undefined;
  let goodAtMs = 0;
  let nextMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<SecretText> | undefined;

  async function ask(): Promise<SecretText> {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
      return settled(
        SecretString === undefined ? { problem: `The secret ${name} holds no text.` } : { text: SecretString },
      );
    } catch (error) {
      const { isDecided, problem } = troubleOf(error, name);
      if (isDecided || last === undefined || 'problem' in last.said || clockMs() - goodAtMs >= STALE_MS) {
        return settled({ problem });
      }
      log.warn('a secret cannot be read anew, so the last one goes on to count', { detail: problem });
      nextMs = clockMs() + PAUSE_MS;
      return last.said;
    }
  }

  function settled(said: SecretText): SecretText {
    const atMs = clockMs();
    last = { said, atMs };
    if ('text' in said) goodAtMs = atMs;
    nextMs = atMs + ('text' in said ? KEPT_MS : PAUSE_MS);
    return said;
  }

  return {
    name,
    async read() {
      if (last !== undefined && clockMs() < nextMs) return last.said;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      if (last === undefined || 'problem' in last.said || clockMs() - goodAtMs >= STALE_MS) return await asking;
      // Whoever waits here has three seconds in all (Slack), and what is known is good for minutes yet.
      const said = await inTime(asking, PATIENCE_MS);
      return said === 'late' ? last.said : said;
    },
  };
}

/** Whether it is Secrets Manager that says no, so that what it said before counts no more. */
function troubleOf(error: unknown, name: string): { readonly isDecided: boolean; readonly problem: string } {
  const code = error instanceof Error ? error.name : 'unknown';
  switch (code) {
    case 'ResourceNotFoundException':
      return { isDecided: true, problem: `There is no secret ${name}, or it has no value yet: put one into it.` };
    case 'InvalidRequestException':
      return { isDecided: true, problem: `The secret ${name} cannot be used: it may be marked for deletion.` };
    case 'AccessDeniedException':
    case 'DecryptionFailure':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'ExpiredTokenException':
      return {
        isDecided: true,
        problem: `Secrets Manager refuses the secret ${name} (${code}): see the role of the function, and the key that encrypts it.`,
      };
    default:
      return {
        isDecided: false,
        problem: `The secret ${name} cannot be read (${code}): see whether the function can reach Secrets Manager.`,
      };
  }
}

const KEPT_MS = 60_000;
const STALE_MS = 600_000;
const PAUSE_MS = 5000;
const PATIENCE_MS = 1000;
