/** The ssh-agent: its keys are listed once for a sweep, each signature is asked for when it is needed. */

import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { sha1Refused } from './key-text.ts';

// ssh2 is CommonJS: Node finds only some of its names as named exports.
const { BaseAgent, OpenSSHAgent } = ssh2;

export interface Agent {
  readonly socketPath: string;
  readonly keys: readonly ParsedKey[];
}

const LIST_LIMIT_MS = 5000;

/** An agent that never answers must not keep the process from ending. */
class UnheldAgent extends OpenSSHAgent {
  override getStream(callback: (error?: Error | null, stream?: Duplex) => void): void {
    super.getStream((error?: Error | null, stream?: Duplex) => {
      if (stream instanceof Socket) stream.unref();
      callback(error, stream);
    });
  }
}

/** Lists the keys of the agent at `socketPath`; a sentence where there is none that answers. */
export function openAgent(socketPath: string, limitMs = LIST_LIMIT_MS): Promise<Agent | { problem: string }> {
  return new Promise((resolve) => {
    const fail = (why: string) => resolve({ problem: `The agent at ${socketPath} ${why}.` });
    const timer = setTimeout(() => fail(`did not list its keys within ${limitMs / 1000} s`), limitMs);
    new UnheldAgent(socketPath).getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) fail(`cannot be used: ${error.message}`);
      else resolve({ socketPath, keys: (keys ?? []) as ParsedKey[] });
    });
  });
}

/** One log-in's view of the agent. */
export class AgentForLogin extends BaseAgent<ParsedKey> {
  readonly #agent: Agent;
  readonly #isOpen: () => boolean;
  readonly #upstream: InstanceType<typeof OpenSSHAgent>;

  /** @param isOpen whether the log-in still goes on: ssh2 throws out of the callback when its socket is gone */
  constructor(agent: Agent, isOpen: () => boolean) {
    super();
    this.#agent = agent;
    this.#isOpen = isOpen;
    this.#upstream = new UnheldAgent(agent.socketPath);
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    if (this.#isOpen()) callback(undefined, [...this.#agent.keys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    optionsOrCallback: SigningRequestOptions | SignCallback,
    maybeCallback?: SignCallback,
  ): void {
    const options = typeof optionsOrCallback === 'function' ? {} : optionsOrCallback;
    const callback = typeof optionsOrCallback === 'function' ? optionsOrCallback : maybeCallback;
    const answer: SignCallback = (error, signature) => {
      if (this.#isOpen()) callback?.(error, signature);
    };
    // An RSA key without a hash is signed with SHA-1 by the agent.
    if (key.type === 'ssh-rsa' && (options.hash ?? 'sha1') === 'sha1') answer(sha1Refused());
    else this.#upstream.sign(key, data, options, answer);
  }
}
