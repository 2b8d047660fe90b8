import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parsePressure } from './pressure.ts';

const some = 'some avg10=81.82 avg60=54.13 avg300=21.06 total=134909991';
const full = 'full avg10=73.09 avg60=47.16 avg300=17.82 total=112109178';

describe('parsePressure', () => {
  test('takes the totals, in microseconds', () => {
    expect(parsePressure(`${some}\n${full}\n`)).toEqual({ someUs: 134909991n, fullUs: 112109178n });
    expect(parsePressure(readFixture('6.18', 'pressure-io'))).toHaveProperty('fullUs');
  });

  test('kernels without a "full" line have none', () => {
    expect(parsePressure(some)).toEqual({ someUs: 134909991n });
  });

  test.each([
    '',
    full,
    some.replace('134909991', '-1'),
    some.replace('134909991', '1e3'),
    some.replace('134909991', 'NaN'),
    some.replace('134909991', '9'.repeat(21)),
    ...HOSTILE_LINES,
  ])('%#: without a sound "some" line there is no pressure, which is not a pressure of zero', (text) => {
    expect(parsePressure(text)).toBeUndefined();
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('some', 'full', 'total=5', some), (text) => {
        expect(badNumbersIn(parsePressure(text))).toEqual([]);
      }),
    );
  });
});
