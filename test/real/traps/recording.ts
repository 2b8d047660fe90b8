/** A recorded trap: what is true of it in the first line, then the answer as it went over the wire. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Frame, FrameReader } from '../../../runner/bundle/frames.ts';
import type { VisitedHost } from '../../../runner/report.ts';
import { framesIn, NONCE_PLACEHOLDER, wireOf } from '../../bench/replay-host.ts';
import { publicFrames, type RecordedOn } from './public-frames.ts';
import { replay, type Swept } from './sweep.ts';
import type { Truth } from './trap-case.ts';

export const MAX_RECORDING_BYTES = 40 * 1024;
const FOLDER = new URL('../../fixtures/traps/', import.meta.url);

export interface Recording {
  readonly truth: Truth;
  readonly answer: Buffer;
}

/** Where the recording of a case is; GOLDEN is what is concluded of it. */
export const fileOf = (name: string, kind: 'txt' | 'golden'): string =>
  fileURLToPath(new URL(`${name}.${kind}`, FOLDER));

/** Throws where the answer is not whole. */
export function framesOf({ answer, nonce }: Pick<Swept, 'answer' | 'nonce'>): Frame[] {
  const reader = new FrameReader(nonce);
  reader.push(answer);
  reader.finish();
  if (reader.end?.complete !== true) throw new Error(`the answer is not whole: ${reader.end?.reason ?? 'no end'}`);
  return reader.frames;
}

/** The text of a recording, in public names; of a host that was made for the recording everything may be public. */
export function recordingOf(truth: Truth, swept: Swept, on: RecordedOn | undefined): Buffer {
  const frames = framesOf(swept);
  const answer = wireOf(on === undefined ? frames : publicFrames(frames, on), NONCE_PLACEHOLDER);
  return Buffer.concat([Buffer.from(`${JSON.stringify(truth)}\n`), answer]);
}

export function parseRecording(text: Buffer): Recording {
  const end = text.indexOf('\n');
  const answer = text.subarray(end + 1);
  framesIn(answer, NONCE_PLACEHOLDER);
  return { truth: JSON.parse(text.toString('utf8', 0, end)) as Truth, answer };
}

/** undefined where the case was never recorded. */
export function readRecording(name: string): Recording | undefined {
  const file = fileOf(name, 'txt');
  return existsSync(file) ? parseRecording(readFileSync(file)) : undefined;
}

/** What whodisk says of it today. */
export function findingOf({ answer }: Recording): Promise<VisitedHost> {
  return replay(answer, NONCE_PLACEHOLDER);
}
