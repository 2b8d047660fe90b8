import { expect, test } from 'vitest';
import { createSignInLinks } from './sign-in-links.ts';

test('a code is the token to whoever is first to ask, and nothing to the next', () => {
  const links = createSignInLinks('the token', () => 0);
  const [one, other] = [links.issue(), links.issue()];
  expect(one).not.toBe(other);
  expect(one).toMatch(/^[\w-]{43}$/);
  expect(links.redeem(one)).toBe('the token');
  expect(links.redeem(one)).toBeUndefined();
  expect(links.redeem(other)).toBe('the token');
});

test('a code that nobody has used within an hour is none', () => {
  let nowMs = 1_000_000;
  const links = createSignInLinks('the token', () => nowMs);
  const [one, other] = [links.issue(), links.issue()];
  nowMs += 3_600_000 - 1;
  expect(links.redeem(one)).toBe('the token');
  nowMs += 1;
  expect(links.redeem(other)).toBeUndefined();
  nowMs -= 1;
  expect(links.redeem(other)).toBeUndefined();
});

test.each(['', 'x', 'the token', 'A'.repeat(43)])('%j is no code', (code) => {
  const links = createSignInLinks('the token', () => 0);
  links.issue();
  expect(links.redeem(code)).toBeUndefined();
});
