import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unescapeLink } from './link.ts';

/** As coreutils' escape style writes it in the C locale: octal for what is not printable ASCII, a backslash before space and backslash. */
function escapeAsLs(text: string): string {
  const letters: Record<number, string> = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r' };
  return [...Buffer.from(text)]
    .map((byte) => {
      if (letters[byte] !== undefined) return `\\${letters[byte]}`;
      if (byte === 0x20 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
      return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}

test.each([
  ['/var/log/app.log', '/var/log/app.log'],
  ['/srv/caf\\303\\251/a\\ b', '/srv/café/a b'],
  ['/a\\nb\\tc\\\\d', '/a\nb\tc\\d'],
  ['/esc\\033[2J', '/esc\u001b[2J'],
  ['/tmp/x\\ (deleted)', '/tmp/x (deleted)'],
])('%j is %j', (escaped, name) => {
  expect(unescapeLink(escaped)).toBe(name);
});

test('any name comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(unescapeLink(escapeAsLs(name))).toBe(Buffer.from(name).toString());
    }),
  );
});

test('bytes that are no UTF-8 become U+FFFD, the rest of the name stays', () => {
  expect(unescapeLink('/a\\377b')).toBe('/a\ufffdb');
});

test('a backslash at the end, or one before a letter without meaning, does no harm', () => {
  expect(unescapeLink('/a\\')).toBe('/a\\');
  expect(unescapeLink('/a\\q\\8')).toBe('/aq8');
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void unescapeLink(`\\${text}\\`)));
});
