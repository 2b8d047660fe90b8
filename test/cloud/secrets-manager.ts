/** A Secrets Manager on loopback, as far as it is asked here: GetSecretValue of its JSON protocol (API Reference, 2017-10-17). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SecretsManager {
  readonly url: string;
  /** Names in the order in which they were asked for. */
  readonly asked: readonly string[];
  /** What it holds, from now on. */
  put(name: string, value: string): void;
  /** Of one secret: refuses it from now on as IAM does, or no more. */
  deny(name: string, isDenied: boolean): void;
  stop(): Promise<void>;
}

export async function startSecretsManager(): Promise<SecretsManager> {
  const values = new Map<string, string>();
  const denied = new Set<string>();
  const asked: string[] = [];

  function answerTo(operation: string, name: string): { status: number; body: object } {
    if (operation !== 'GetSecretValue') return refusal('InvalidRequestException', `not here: ${operation}`);
    asked.push(name);
    if (denied.has(name)) {
      const who = 'arn:aws:sts::123456789012:assumed-role/worker/worker';
      return refusal(
        'AccessDeniedException',
        `User: ${who} is not authorized to perform: secretsmanager:GetSecretValue`,
      );
    }
    const SecretString = values.get(name);
    if (SecretString === undefined) {
      return refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    return {
      status: 200,
      body: { ARN: name, Name: name, SecretString, VersionId: '1', VersionStages: ['AWSCURRENT'] },
    };
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./u, '');
      const { SecretId } = JSON.parse(Buffer.concat(chunks).toString()) as { SecretId: string };
      const { status, body } = answerTo(operation, SecretId);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    put: (name, value) => void values.set(name, value),
    deny: (name, isDenied) => void (isDenied ? denied.add(name) : denied.delete(name)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusal(type: string, message: string): { status: number; body: object } {
  return { status: 400, body: { __type: type, message } };
}
