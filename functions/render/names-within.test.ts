import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widthOf } from './fit.ts';
import { foldNames } from './fold-names.ts';
import { namesWithin } from './names-within.ts';

/** Names that cannot be folded, in their order. */
const unlike = Array.from({ length: 300 }, (_, i) => `a.${String(i).padStart(3, '0')}.example`);

test('names that fit are all there, in the order in which a person counts', () => {
  expect(namesWithin(['web-10', 'web-9', 'api', 'web-11'], 80, 2)).toEqual(['api, web-[9-11]']);
});

test('what does not fit is counted in hosts, not in words', () => {
  const [line = '', ...others] = namesWithin([...unlike, 'web-1', 'web-2', 'web-3'], 60, 1);
  expect(others).toEqual([]);
  const shown = line.match(/a\.[0-9]+\.example/gu)?.length ?? 0;
  expect(line).toMatch(/ and [0-9]+ more$/u);
  expect(Number(/ and ([0-9]+) more$/u.exec(line)?.[1])).toBe(303 - shown);
});

test('the first line leaves room for what stands before it', () => {
  const lines = namesWithin(unlike, 60, 3, 25);
  expect(widthOf(lines[0] ?? '')).toBeLessThanOrEqual(60 - 26);
  expect(lines[0]).toMatch(/^a\.000\.example, /u);
});

test('however many names of whatever length, lines keep to their width and number, and use it', () => {
  const name = fc.oneof(
    fc.constantFrom('db-', 'web-').chain((base) => fc.nat(2000).map((n) => `${base}${n}`)),
    fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 30 }),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 60, max: 120 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 30 }),
      (names, width, most, used) => {
        const lines = namesWithin(names, width, most, used);
        // A set of eight ranges may be longer than one line alone.
        const isCuttable = foldNames(names).every((text) => text.length < width / 2);
        if (isCuttable) expect(lines.length).toBeLessThanOrEqual(most);
        for (const [index, line] of lines.entries()) {
          expect(widthOf(line)).toBeLessThanOrEqual(index === 0 && used > 0 ? Math.max(0, width - used - 1) : width);
        }
      },
    ),
  );
});
