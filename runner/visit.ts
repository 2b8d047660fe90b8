/** One host: send the bundle, read its frames, parse, triage. What the host does wrong becomes a value; only our own bugs throw. */
import { randomBytes } from 'node:crypto';
import { FrameReader } from './bundle/frames.ts';
import { buildInput, commandFor } from './bundle/script.ts';
import { type Capture, captureOf } from './capture.ts';
import type { Failure, VisitedHost } from './report.ts';
import { bundlePauseMs, isTellingSilence, type Wait } from './telling-silence.ts';
import type { Outcome, Transport } from './transport.ts';
import type { Finding } from './triage/finding.ts';
import { NOT_SWEPT_SCORE, SUSPECTED_HUNG_SCORE, scoreOf } from './triage/score.ts';
import { triage } from './triage/triage.ts';
import { inTime } from './triage/words.ts';

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
  let heard = '';
  let askedAt: number | undefined;
  let lastSignOfLifeAt: number | undefined;
  const outcome = await transport({
    command: commandFor(options.privilege),
    input: () => {
      askedAt = performance.now();
      return buildInput({
        nonce,
        windowSeconds: options.windowSeconds,
        deadlineSeconds: options.deadlineSeconds,
        args: options.args,
      });
    },
    onOutput: (chunk) => {
      if (heard.length < MAX_ERROR_BYTES) heard += chunk.toString('latin1', 0, MAX_ERROR_BYTES - heard.length);
      const isWhole = reader.push(chunk);
      // A banner is none, but from the first frame of ours on whatever comes is our answer.
      if (reader.frames.length > 0) lastSignOfLifeAt = performance.now();
      return isWhole;
    },
    maxOutputBytes: MAX_OUTPUT_BYTES,
    maxErrorBytes: MAX_ERROR_BYTES,
    deadlineMs: options.deadlineSeconds * 1000,
    signal,
  });
  const endedAt = performance.now();
  const wait: Wait = {
    silentMs: endedAt - (lastSignOfLifeAt ?? askedAt ?? endedAt),
    leftMs: endedAt - (askedAt ?? endedAt),
    deadlineMs: options.deadlineSeconds * 1000,
    pauseMs: bundlePauseMs(
      reader.frames.map(({ kind }) => kind),
      options.windowSeconds,
    ),
  };
  reader.finish();
  // A command line that nobody asked for is not shown, whoever sends it.
  const capture = captureOf(reader.frames.filter(({ kind }) => options.args || kind !== 'cmdline'));
  const [noise = ''] = heard.split(nonce, 1);
  const failure = reader.end?.complete ? undefined : failureOf(outcome, reader, capture, noise, wait);
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
  if (!capture) return { ...base, ...notSwept(failure ?? failureOf(outcome, reader, capture, noise, wait)) };

  const finding = triage(capture.samples);
  const isPartial = failure !== undefined || reader.damaged > 0;
  const limits = [...finding.limits, ...limitsOfEnd(reader), ...limitsOfSudo(outcome, capture, options.privilege)];
  if (failure) limits.push(`incomplete: ${failure.message}`);
  return {
    ...base,
    ...(isPartial ? incomplete(finding, failure) : finding),
    limits,
    status: isPartial ? 'partial' : 'swept',
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
        ? 'The host let us in, then its answer never came: its system disk may hang.'
        : failure.message,
    disks: [],
    explanations: [],
    limits: [],
  };
}

/** What a part of an answer can prove: that a disk is saturated or hangs, never that all is well. */
function incomplete(finding: Finding, failure: Failure | undefined): Finding {
  const isProven = finding.verdict === 'hung' || finding.verdict === 'saturated';
  const verdict = isProven ? finding.verdict : 'inconclusive';
  const busyPercent = Math.max(0, ...finding.disks.map((disk) => disk.busyPercent ?? 0));
  const score = isProven ? finding.score : scoreOf(verdict, { verdict, busyPercent, queueDepth: 0, stalledMs: 0 });
  const seen = finding.disks.length === 0 ? '' : ` Seen ${failure ? 'until then' : 'of it'}: ${finding.summary}`;
  if (failure?.kind === 'suspected-hung') {
    const summary = `The host let us in, then stalled: ${verdict === 'hung' ? finding.summary : `its system disk may hang.${seen}`}`;
    return { ...finding, verdict, score: Math.max(score, SUSPECTED_HUNG_SCORE), summary };
  }
  if (isProven) return finding;
  const tooSlow = 'came too slowly for the deadline (raise --deadline)';
  const how = failure?.kind === 'deadline-exceeded' ? tooSlow : failure ? 'was cut short' : 'came damaged';
  return { ...finding, verdict, score, summary: `The answer ${how}, so the host cannot be judged.${seen}` };
}

/** `noise` is what came before the first frame of ours: message of the day, rc files, or all of it where no frame came. */
function failureOf(
  outcome: Outcome,
  reader: FrameReader,
  capture: Capture | undefined,
  noise: string,
  wait: Wait,
): Failure {
  const transportFailure = outcome.failure;
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
  const said = firstLine(outcome.stderr) ?? firstLine(noise);
  if (transportFailure?.phase === 'deadline') return tooLate(transportFailure, whatCame(outcome, reader, said), wait);
  if (transportFailure && transportFailure.kind !== 'ended-early') return transportFailure;
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

/** The transport reaches its deadline only after the log-in. A host from which our answer still came is slow; it does not hang. */
function tooLate({ phase, kind, message }: Failure, came: string, wait: Wait): Failure {
  if (kind === 'suspected-hung') return { phase, kind, message };
  if (isTellingSilence(wait)) {
    const silence = `nothing of its answer came in the last ${inTime(wait.silentMs)}: its system disk may hang, or nothing gets to run on it`;
    return { phase, kind: 'suspected-hung', message: `${message}; ${silence}. Look at its console.${came}` };
  }
  return { phase, kind, message: `${message}: it, or the way to it, is too slow for that. Raise --deadline.${came}` };
}

function whatCame({ bytesReceived }: Outcome, { frames }: FrameReader, said: string | undefined): string {
  if (bytesReceived === 0) return '';
  const part = frames.length === 0 ? 'nothing of our answer' : `${frames.length} frames of our answer`;
  return ` (${bytesReceived} bytes came, ${part}${said === undefined ? '' : `; the host said: ${said}`})`;
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

/** Why there is no root, where sudo was tried; asked for `user`, it never is. */
function limitsOfSudo({ stderr }: Outcome, capture: Capture, privilege: VisitOptions['privilege']): string[] {
  if (capture.samples.privilege !== 'user' || privilege === 'user') return [];
  const lines = stderr.split('\n');
  const refusal = lines.find((line) => line.startsWith('sudo:'));
  if (refusal !== undefined) return [`sudo -n did not help (${refusal.trim().slice(0, 200)})`];
  // What a shell says in front of it differs: "sh: 1: sudo: not found", "/bin/sh: line 1: sudo: command not found".
  const isMissing = lines.some((line) => /: sudo: .*not found/.test(line.slice(0, 200)));
  return [isMissing ? 'there is no sudo on the host' : 'sudo -n did not help, and did not say why'];
}
