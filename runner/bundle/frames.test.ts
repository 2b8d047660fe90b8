import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader } from './frames.ts';

const nonce = '0123456789abcdef0123456789abcdef';
const other = 'ffffffffffffffffffffffffffffffff';
const frame = (kind: string, label: string, payload: string, by = nonce) =>
  `${by} ${kind} ${Buffer.byteLength(payload)}${label && ` ${label}`}\n${payload}\n`;
const END = `${nonce} end 0 complete\n`;

function read(text: string | Buffer, pieces = [Number.POSITIVE_INFINITY]): FrameReader {
  const reader = new FrameReader(nonce);
  let rest = Buffer.from(text);
  for (let i = 0; rest.length > 0; i++) {
    const size = Math.max(1, pieces[i % pieces.length] ?? 1);
    reader.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  reader.finish();
  return reader;
}

describe('FrameReader', () => {
  test('reads the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('file', 'procs'), fc.string({ unit: 'binary' })), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (frames, pieces) => {
          const reader = read(`${frames.map(([kind, text]) => frame(kind, 'a /x', text)).join('')}${END}`, pieces);
          expect(reader.frames.map((f) => [f.kind, f.payload.toString()])).toEqual(frames);
          expect(reader.end).toEqual({ complete: true, reason: '' });
          expect(reader.damaged).toBe(0);
        },
      ),
    );
  });

  test('ignores what a login prints before the first frame, even without a line feed', () => {
    const reader = read(`Welcome to h1\n\x1b[2JLast login: today${frame('hello', '', 'version 1')}${END}`);
    expect(reader.frames.map((f) => f.kind)).toEqual(['hello']);
  });

  test('takes nothing under the nonce of another run, its END included', () => {
    const reader = read(`${frame('hello', '', 'version 1', other)}${other} end 0 complete\n`);
    expect(reader.frames).toEqual([]);
    expect(reader.end).toBeUndefined();
  });

  test('an END inside a payload is data', () => {
    const reader = read(`${frame('procs', '', `1 2 ${END} x`)}${frame('note', '', 'processes 1')}${END}`);
    expect(reader.frames.map((f) => f.kind)).toEqual(['procs', 'note']);
  });

  test('finds what follows a frame that was cut by a kill', () => {
    const reader = read(
      `${nonce} procs 5000\n1 2 3${frame('file', 'b /proc/uptime', '5.00 1.0')}${nonce} end 0 partial deadline\n`,
    );
    expect(reader.frames.map((f) => f.label)).toEqual(['b /proc/uptime']);
    expect(reader.end).toEqual({ complete: false, reason: 'deadline' });
    expect(reader.damaged).toBe(1);
  });

  test.each(['999999999', '-1', '1e3', 'NaN', ''])('refuses the length %j and goes on', (length) => {
    const reader = read(`${nonce} procs ${length}\nx\n${frame('note', '', 'ok 1')}${END}`);
    expect(reader.frames.map((f) => f.kind)).toEqual(['note']);
    expect(reader.damaged).toBe(1);
  });

  test('is not complete without END', () => {
    expect(read(frame('hello', '', 'version 1')).end).toBeUndefined();
  });

  test('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void read(Buffer.concat([Buffer.from(nonce), bytes]))),
    );
  });

  test('refuses a nonce that is not one', () => {
    expect(() => new FrameReader('abc')).toThrow(TypeError);
  });
});
