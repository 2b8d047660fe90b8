import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fittingAnswer } from './answer-size.ts';

const LAMBDA_TAKES = 6 * 1024 * 1024;
const answerOf = (body: string) => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body });

test('what Lambda takes stays as it is', () => {
  const answer = answerOf('x'.repeat(5_000_000));
  expect(fittingAnswer(answer, 'gzip')).toBe(answer);
});

test('what it does not take goes compressed to whoever can read that, and is the same', () => {
  // Quotes: in the JSON that Lambda hands over each of them has two characters.
  const body = JSON.stringify(Array.from({ length: 600_000 }, (_, n) => ({ n })));
  const answer = fittingAnswer(answerOf(body), 'br;q=1.0, gzip;q=0.8');
  expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } });
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(LAMBDA_TAKES);
  expect(gunzipSync(Buffer.from(answer.body ?? '', 'base64')).toString()).toBe(body);
});

test.each([undefined, 'identity', 'gzip;q=0', 'gzip;q=0.0, br', 'x-gzipped'])(
  'whoever takes %s is told what to do instead',
  (accepted) => {
    const answer = fittingAnswer(answerOf('"'.repeat(4_000_000)), accepted);
    expect(answer).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ status: 500, detail: expect.stringContaining('gzip') });
  },
);

test('what cannot be compressed enough is an error, too', () => {
  const random = Array.from({ length: 12_000_000 }, () => String.fromCharCode(32 + Math.random() * 90)).join('');
  expect(fittingAnswer(answerOf(random), 'gzip').statusCode).toBe(500);
});
