import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostileText } from '../../test/hostile-text.ts';
import { ulid } from '../ulid.ts';
import { sweepStartedAt } from './sweep-time.ts';

test('the id of a sweep tells when it started', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') }), (startedAtMs) => {
      expect(sweepStartedAt(ulid(startedAtMs))).toBe(new Date(startedAtMs).toISOString());
    }),
  );
});

test('what is no id tells nothing', () => {
  fc.assert(fc.property(hostileText, (text) => sweepStartedAt(text) === undefined));
  expect(sweepStartedAt('7ZZZZZZZZZZZZZZZZZZZZZZZZZ')).toBeUndefined();
});
