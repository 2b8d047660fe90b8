/** The recorded answer of one saturated host that the benchmark replays, taken apart and put together again. */
import { readFileSync } from 'node:fs';
import { type Frame, FrameReader } from '../../runner/bundle/frames.ts';

/** Stands in a recorded answer where the nonce stood: as long as one, so that no length changes when one takes its place. */
export const NONCE_PLACEHOLDER = 'deadbeef'.repeat(4);

/** The files of the two writers in the recorded answer: the one that is to be blamed, and one that writes less. */
export const HEAVY_FILE = '/srv/data/heavy.dat';
export const LIGHT_FILE = '/srv/data/light.dat';
/** The disk that was saturated. */
export const SLOW_DEVICE = 'loop1';

export const RECORDED = new URL('../fixtures/answers/saturated-host.txt', import.meta.url);

/** The frames of the recorded answer, END left out. Throws where the file is no whole answer. */
export function recordedFrames(file: string | URL = RECORDED): Frame[] {
  return framesIn(readFileSync(file), NONCE_PLACEHOLDER);
}

/** Throws an Error where `answer` is not whole and complete under that nonce. */
export function framesIn(answer: Buffer, nonce: string): Frame[] {
  const reader = new FrameReader(nonce);
  reader.push(answer);
  reader.finish();
  if (reader.end?.complete !== true || reader.damaged > 0) throw new Error('the recorded answer is not whole');
  return reader.frames;
}

/** As it goes over the wire (frames.ts), END included. */
export function wireOf(frames: readonly Frame[], nonce: string): Buffer {
  const pieces = frames.flatMap(({ kind, label, payload }) => [
    Buffer.from(`${nonce} ${kind} ${payload.length}${label && ` ${label}`}\n`),
    payload,
    Buffer.from('\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`${nonce} end 0 complete\n`)]);
}

/** The frame with every line of its payload passed through `edit`; a line that becomes undefined is left out. */
export function editLines(frame: Frame, edit: (line: string) => string | undefined): Frame {
  const lines = frame.payload.toString('latin1').split('\n');
  return {
    ...frame,
    payload: Buffer.from(lines.flatMap((line) => edit(line) ?? []).join('\n'), 'latin1'),
  };
}
