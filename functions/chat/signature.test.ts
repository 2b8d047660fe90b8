import { expect, test } from 'vitest';
import { signatureProblem } from './signature.ts';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack, as published. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const TIMESTAMP = '1531420618';
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F' +
  'commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
  '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const AT_MS = Number(TIMESTAMP) * 1000;

const problem = (more: { timestamp?: string; signature?: string; body?: string }, atMs = AT_MS, secret = SECRET) =>
  signatureProblem(
    {
      timestamp: 'timestamp' in more ? more.timestamp : TIMESTAMP,
      signature: 'signature' in more ? more.signature : SIGNATURE,
      body: new TextEncoder().encode(more.body ?? BODY),
    },
    secret,
    atMs,
  );

test("Slack's published example is good, for five minutes either way", () => {
  expect(problem({})).toBeUndefined();
  expect(problem({}, AT_MS + 300_000)).toBeUndefined();
  expect(problem({}, AT_MS - 300_000)).toBeUndefined();
  expect(problem({}, AT_MS + 300_001)).toBe('too old or too new');
  expect(problem({}, AT_MS - 300_001)).toBe('too old or too new');
});

test('a body that was decoded and encoded again is another one', () => {
  expect(problem({ body: BODY.replaceAll('%2F', '%2f') })).toBe('a wrong signature');
  expect(problem({ body: decodeURIComponent(BODY) })).toBe('a wrong signature');
  expect(problem({ body: `${BODY}\n` })).toBe('a wrong signature');
});

test('another secret, time or signature is refused, and what is none without an exception', () => {
  expect(problem({}, AT_MS, 'other')).toBe('a wrong signature');
  expect(problem({ timestamp: '1531420619' })).toBe('a wrong signature');
  expect(problem({ signature: SIGNATURE.replace('a2', 'a3') })).toBe('a wrong signature');
  for (const signature of ['', 'v0=', 'v0=zz', SIGNATURE.slice(0, -1), `${SIGNATURE}0`, SIGNATURE.toUpperCase(), 'v1='])
    expect(problem({ signature })).toBe('a malformed signature');
  for (const timestamp of ['', 'NaN', '-1', '1e9', ' 1531420618', '1531420618.5', '9'.repeat(40)])
    expect(problem({ timestamp })).toBe('a malformed signature');
  expect(signatureProblem({ timestamp: undefined, signature: undefined, body: new Uint8Array() }, SECRET, AT_MS)).toBe(
    'no signature',
  );
});
