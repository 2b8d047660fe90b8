import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_BANNER_BYTES, readBanner } from './banner.ts';

const read = (text: string) => readBanner(Buffer.from(text, 'latin1'));

test.each([
  ['', 'waiting'],
  ['SSH-2.0-Open', 'waiting'],
  ['SSH-2.0-OpenSSH_9.2p1 Debian\r\n', 'ssh'],
  ['SSH-2.0-dropbear\n', 'ssh'],
  ['SSH-1.99-Cisco\r\n', 'ssh'],
  ['Welcome\r\nto the jungle\r\nSSH-2.0-x\r\n', 'ssh'],
  ['SSH-1.5-old\r\n', 'not-ssh'],
  ['HTTP/1.1 400 Bad Request\r\n', 'not-ssh'],
  ['\x15\x03\x01\x00\x02\x02\x46', 'not-ssh'],
  ['220 mail ESMTP Postfix\r\n', 'not-ssh'],
  ['x'.repeat(MAX_BANNER_BYTES), 'not-ssh'],
  ['y\r\n'.repeat(MAX_BANNER_BYTES), 'not-ssh'],
])('%j is %s', (text, kind) => {
  expect(read(text).kind).toBe(kind);
});

test('the greeting ends where the packets begin', () => {
  expect(read('hi\r\nSSH-2.0-x\r\n\x00\x00')).toEqual({ kind: 'ssh', end: 15 });
});

test('whatever comes, it is judged by 4 KiB at the latest', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: MAX_BANNER_BYTES, maxLength: MAX_BANNER_BYTES + 10 }), (bytes) => {
      expect(readBanner(Buffer.from(bytes)).kind).not.toBe('waiting');
    }),
    { numRuns: 50 },
  );
});
