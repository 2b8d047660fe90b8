import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseUptimeMs } from './uptime.ts';

describe('parseUptimeMs', () => {
  test('takes the first of the two figures, in milliseconds', () => {
    expect(parseUptimeMs('2652.71 4513.98\n')).toBe(2652710);
    expect(parseUptimeMs(readFixture('6.18', 'uptime'))).toBeGreaterThan(0);
  });

  test('reads the bare figure of a frame label', () => {
    expect(parseUptimeMs('12.05')).toBe(12050);
  });

  test.each(['', '5', '5.1 1', '5.123 1', '-5.00 1', ' 5.00', 'NaN', '1e3.00', '9999999999999.00', ...HOSTILE_LINES])(
    '%#: anything else is undefined',
    (text) => {
      expect(parseUptimeMs(text)).toBeUndefined();
    },
  );

  test('is exact to the hundredth of a second for years of uptime', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (hundredths) => {
        const text = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')} 1.00`;
        expect(parseUptimeMs(text)).toBe(hundredths * 10);
      }),
    );
  });
});
