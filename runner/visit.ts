/** One host: send the bundle, read its frames, parse, triage. What the host does wrong becomes a value; only our own bugs throw. */
import { randomBytes } from 'node:crypto';
import { FrameReader } from './bundle/frames.ts';
import { buildInput, commandFor } from './bundle/script.ts';
import { type Capture, captureOf } from './capture.ts';
import type { Failure, VisitedHost } from './report.ts';
import type { Outcome, Transport } from './transport.ts';
import { NOT_SWEPT_SCORE, SUSPECTED_HUNG_SCORE } from './triage/score.ts';
import { triage } from './triage/triage.ts';

export interface VisitOptions {
  readonly windowSeconds: number;
  /** Hard limit from the dial to the result. */
  readonly deadlineSeconds: number;
  readonly privilege: 'auto' | 'root' | 'user';
  /** Ask for redacted command lines. */
  readonly args: boolean;
}

/** A normal answer is below 20 KB; one that needs a megabyte is not an answer. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_ERROR_BYTES = 4096;

export async function visitHost(
  host: { readonly name: string },
  transport: Transport,
  options: VisitOptions,
  signal: AbortSignal,
): Promise<VisitedHost> {
  const nonce = randomBytes(16).toString('hex');
  const reader = new FrameReader(nonce);
  const started = performance.now();
  let noise = '';
  const outcome = await transport({
    command: commandFor(options.privilege),
    input: buildInput({
      nonce,
      windowSeconds: options.windowSeconds,
      deadlineSeconds: options.deadlineSeconds,
      args: options.args,
    }),
    onOutput: (chunk) => {
      if (noise.length < MAX_ERROR_BYTES) noise += chunk.toString('latin1', 0, MAX_ERROR_BYTES - noise.length);
      return reader.push(chunk);
    },
    maxOutputBytes: MAX_OUTPUT_BYTES,
    maxErrorBytes: MAX_ERROR_BYTES,
    deadlineMs: options.deadlineSeconds * 1000,
    signal,
  });
  reader.finish();
  // A command line that nobody asked for is not shown, whoever sends it.
  const capture = captureOf(reader.frames.filter(({ kind }) => options.args || kind !== 'cmdline'));
  const failure = reader.end?.complete ? undefined : failureOf(outcome, reader, capture, noise);
  const base = {
    host: host.name,
    ...(outcome.address !== undefined && { address: outcome.address }),
    ...(outcome.port !== undefined && { port: outcome.port }),
    cost: {
      ...(capture?.hostCpuMs !== undefined && { hostCpuMs: capture.hostCpuMs }),
      bytesReceived: outcome.bytesReceived,
      clientMs: Math.round(performance.now() - started),
    },
  };
  if (!capture) return { ...base, ...notSwept(failure ?? failureOf(outcome, reader, capture, noise)) };

  const finding = triage(capture.samples);
  const limits = [...finding.limits, ...limitsOfEnd(reader), ...limitsOfSudo(outcome, capture)];
  if (failure?.kind === 'suspected-hung') {
    const summary = `The host let us in, then stalled: ${finding.verdict === 'hung' ? finding.summary : 'its system disk may hang.'}`;
    return {
      ...base,
      ...finding,
      score: Math.max(finding.score, SUSPECTED_HUNG_SCORE),
      summary,
      limits,
      status: 'partial',
      failure,
    };
  }
  if (failure) limits.push(`incomplete: ${failure.message}`);
  return {
    ...base,
    ...finding,
    limits,
    status: failure || reader.damaged > 0 ? 'partial' : 'swept',
    ...(failure && { failure }),
  };
}

function notSwept(failure: Failure): Omit<VisitedHost, 'host' | 'cost'> {
  return {
    status: 'not-swept',
    failure,
    verdict: 'inconclusive',
    score: failure.kind === 'suspected-hung' ? SUSPECTED_HUNG_SCORE : NOT_SWEPT_SCORE,
    summary:
      failure.kind === 'suspected-hung'
        ? 'The host let us in, then nothing more came: its system disk may hang.'
        : failure.message,
    disks: [],
    explanations: [],
    limits: [],
  };
}

function failureOf(outcome: Outcome, reader: FrameReader, capture: Capture | undefined, noise: string): Failure {
  const transportFailure = outcome.failure;
  // It greeted us with what the shell could do alone, then could not load another program until the deadline.
  const stalled = capture !== undefined && capture.samples.ticks.size === 0 && transportFailure?.phase === 'deadline';
  if (stalled)
    return { phase: 'deadline', kind: 'suspected-hung', message: 'the host stalled after the shell had started' };
  if (reader.end)
    return {
      phase: 'sample',
      kind: 'ended-early',
      message: `the bundle ended by itself: ${reader.end.reason || 'no reason given'}`,
    };
  const otherRun = /(?:^|\n)[0-9a-f]{32} [a-z]+ \d+/.test(noise);
  if (!capture && otherRun) {
    return {
      phase: 'parse',
      kind: 'bad-answer',
      message: 'the answer carries the nonce of another run and was refused: replayed or forged',
    };
  }
  if (transportFailure && transportFailure.kind !== 'ended-early') return transportFailure;
  const said = firstLine(outcome.stderr) ?? firstLine(noise);
  const how =
    outcome.exit?.code === undefined
      ? (outcome.exit?.signal ?? 'without a status')
      : `with status ${outcome.exit.code}`;
  const message = `the bundle ended ${how} before its END record${said === undefined ? '' : `; the host said: ${said}`}`;
  const noShell = outcome.exit?.code === 127 || outcome.exit?.code === 126;
  return !capture && noShell
    ? { phase: 'exec', kind: 'no-shell', message }
    : { phase: 'sample', kind: 'ended-early', message };
}

const firstLine = (text: string): string | undefined =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim()
    .slice(0, 200);

function limitsOfEnd(reader: FrameReader): string[] {
  return reader.damaged > 0 ? [`${reader.damaged} frames were cut or malformed and left out`] : [];
}

function limitsOfSudo(outcome: Outcome, capture: Capture): string[] {
  const refusal = outcome.stderr.split('\n').find((line) => line.startsWith('sudo:'));
  if (capture.samples.privilege !== 'user' || refusal === undefined) return [];
  return [`sudo -n did not help (${refusal.trim().slice(0, 200)})`];
}
