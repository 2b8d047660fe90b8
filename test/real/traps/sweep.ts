/** One visit over SSH to this machine, which also keeps what the bundle said; and the same visit again, from what was kept. */
import { readFileSync } from 'node:fs';
import type { VisitedHost } from '../../../runner/report.ts';
import { createSshContext } from '../../../runner/ssh/context.ts';
import { parseKeyText } from '../../../runner/ssh/key-text.ts';
import { parseKnownHosts } from '../../../runner/ssh/known-hosts.ts';
import { createResolver } from '../../../runner/ssh/resolve.ts';
import { sshTransport } from '../../../runner/ssh/session.ts';
import type { Transport } from '../../../runner/transport.ts';
import { visitHost } from '../../../runner/visit.ts';

const OPTIONS = { windowSeconds: 5, deadlineSeconds: 15, privilege: 'auto', args: false } as const;
const NAME = 'host';

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identity: string;
  readonly knownHosts: string;
  /** Its stdin and stdout are the connection. */
  readonly command?: string;
}

export interface Swept {
  readonly host: VisitedHost;
  /** Everything that came from the host, and the nonce in it. */
  readonly answer: Buffer;
  readonly nonce: string;
}

export async function sweep(login: Login): Promise<Swept> {
  const parsed = parseKeyText(readFileSync(login.identity, 'utf8'), login.identity);
  if (parsed.kind !== 'key') throw new Error(`${login.identity} is no usable key`);
  const files = [{ file: login.identity, key: parsed.key }];
  const known = parseKnownHosts(readFileSync(login.knownHosts, 'utf8'), login.knownHosts);
  const context = createSshContext({
    knownHosts: { files: [known], mendFile: login.knownHosts, problems: [] },
    identitySets: { of: async () => ({ files, problems: [] }) },
    resolve: await createResolver(),
  });
  try {
    const { host, port, user, command } = login;
    const via = command === undefined ? ({ kind: 'direct' } as const) : ({ kind: 'command', command } as const);
    return await visit(sshTransport({ host, port, user, via }, context));
  } finally {
    context.close();
  }
}

/** The finding of an answer that was given under `placeholder` for a nonce. */
export async function replay(answer: Buffer, placeholder: string): Promise<VisitedHost> {
  const { host } = await visit(async (exchange) => {
    const nonce = nonceIn(exchange.input());
    exchange.onOutput(Buffer.from(answer.toString('latin1').replaceAll(placeholder, nonce), 'latin1'));
    return { stderr: '', bytesReceived: answer.length };
  });
  return host;
}

async function visit(transport: Transport): Promise<Swept> {
  const chunks: Buffer[] = [];
  let nonce = '';
  const listening: Transport = (exchange) =>
    transport({
      ...exchange,
      input: () => {
        const input = exchange.input();
        nonce = nonceIn(input);
        return input;
      },
      onOutput: (chunk) => {
        chunks.push(Buffer.from(chunk));
        return exchange.onOutput(chunk);
      },
    });
  const host = await visitHost({ name: NAME }, listening, OPTIONS, new AbortController().signal);
  if (nonce === '') throw new Error(`nothing was asked of the host: ${host.failure?.message}`);
  return { host, answer: Buffer.concat(chunks), nonce };
}

function nonceIn(input: string): string {
  const nonce = /^whodisk ([0-9a-f]{32}) /m.exec(input)?.[1];
  if (nonce === undefined) throw new Error('the bundle is called without a nonce');
  return nonce;
}
