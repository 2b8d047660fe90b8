import { expect, test } from 'vitest';
import { FrameReader } from './frames.ts';

const nonce = '0123456789abcdef0123456789abcdef';
const END = `${nonce} end 0 complete\n`;

function read(text: string): FrameReader {
  const reader = new FrameReader(nonce);
  reader.push(Buffer.from(text));
  reader.finish();
  return reader;
}

test('END is found behind more frames than are kept', () => {
  const reader = read(`${nonce} note 1\nx\n`.repeat(5000) + END);
  expect(reader.end).toEqual({ complete: true, reason: '' });
  expect(reader.frames.length).toBeLessThan(5000);
});

test('a megabyte of bare nonces is read within two seconds', { timeout: 20_000 }, () => {
  const started = performance.now();
  const reader = read(nonce.repeat(32_768));
  expect(reader.frames).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a header longer than any that the bundle writes is no frame', () => {
  const reader = read(`${nonce} file 1 ${'x'.repeat(300)}\ny\n${END}`);
  expect(reader.frames).toEqual([]);
  expect(reader).toMatchObject({ damaged: 1, end: { complete: true } });
});
