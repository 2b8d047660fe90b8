/** One exchange over the real client, with everything a test does not care about filled in. */
import { createSshContext, type SshContext, type SshContextOptions } from '../../runner/ssh/context.ts';
import type { Destination, Via } from '../../runner/ssh/destination.ts';
import { parseKeyText } from '../../runner/ssh/key-text.ts';
import { parseKnownHosts } from '../../runner/ssh/known-hosts.ts';
import { createResolver } from '../../runner/ssh/resolve.ts';
import { sshTransport } from '../../runner/ssh/session.ts';
import type { Exchange, Outcome } from '../../runner/transport.ts';
import { makeKeyPair } from './key-pair.ts';

const CLIENT_KEY = makeKeyPair().private;

/** A context that knows `knownHosts` and logs in with one new key. */
export async function contextFor(
  knownHosts: string,
  privateKeys: readonly string[] = [CLIENT_KEY],
  changes: Partial<SshContextOptions> = {},
): Promise<SshContext> {
  const files = privateKeys.map((text, index) => {
    const parsed = parseKeyText(text, `key${index}`);
    if (parsed.kind !== 'key') throw new Error(JSON.stringify(parsed));
    return { file: `/keys/id${index}`, key: parsed.key };
  });
  return createSshContext({
    knownHosts: { files: [parseKnownHosts(knownHosts, '/known_hosts')], mendFile: '/known_hosts', problems: [] },
    identitySets: { of: async () => ({ files, problems: [] }) },
    resolve: await createResolver(),
    ...changes,
  });
}

export function targetAt(port: number, user = 'root', host = '127.0.0.1', via: Via = { kind: 'direct' }): Destination {
  return { user, host, port, via };
}

/** Until the answer holds `done`; `elapsedMs` is the wall time that it took. */
export async function exchangeWith(
  destination: Destination,
  context: SshContext,
  changes: Omit<Partial<Exchange>, 'input'> & { readonly done?: string; readonly input?: string } = {},
): Promise<Outcome & { stdout: string; elapsedMs: number }> {
  const { done = 'DONE', input = 'echo DONE\n', ...rest } = changes;
  let stdout = '';
  const started = performance.now();
  const outcome = await sshTransport(
    destination,
    context,
  )({
    command: '/bin/sh',
    input: () => input,
    onOutput: (chunk) => {
      stdout += chunk.toString('latin1');
      return stdout.includes(done);
    },
    maxOutputBytes: 256 * 1024,
    maxErrorBytes: 4096,
    deadlineMs: 5000,
    signal: new AbortController().signal,
    ...rest,
  });
  return { ...outcome, stdout, elapsedMs: performance.now() - started };
}

/** Waits until `condition` holds; fails loudly where it does not within `limitMs`. */
export async function until(condition: () => boolean, what: string, limitMs = 3000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
