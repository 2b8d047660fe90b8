/** Findings of hosts that were recorded: real answers, through the real way from frames to a finding. */
import type { VisitedHost } from '../../runner/report.ts';
import type { Transport } from '../../runner/transport.ts';
import { visitHost } from '../../runner/visit.ts';
import { recordedFrames, wireOf } from '../bench/replay-host.ts';

const replayed: Transport = async ({ input, onOutput }) => {
  const nonce = /^whodisk ([0-9a-f]{32}) /m.exec(input())?.[1] ?? '';
  const wire = wireOf(recordedFrames(), nonce);
  onOutput(wire);
  return { address: '192.0.2.17', port: 22, stderr: '', bytesReceived: wire.length };
};

const refused: Transport = async () => ({
  failure: { phase: 'connect', kind: 'refused', message: 'the port 22 is closed: is sshd running there?' },
  address: '192.0.2.18',
  port: 22,
  stderr: '',
  bytesReceived: 0,
});

/** A host whose disk two programs write to. */
export const recordedHost = (name: string): Promise<VisitedHost> => visited(name, replayed);

export const refusedHost = (name: string): Promise<VisitedHost> => visited(name, refused);

async function visited(name: string, transport: Transport): Promise<VisitedHost> {
  const options = { windowSeconds: 5, deadlineSeconds: 15, privilege: 'auto', args: false } as const;
  const host = await visitHost({ name }, transport, options, new AbortController().signal);
  // The only figure that differs from run to run.
  return { ...host, cost: { ...host.cost, clientMs: 5412 } };
}
