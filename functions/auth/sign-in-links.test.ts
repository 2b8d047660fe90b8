import { expect, test } from 'vitest';
import { createSignInLinks } from './sign-in-links.ts';

test('a code is the token to whoever is first to ask, and nothing to the next', () => {
  const links = createSignInLinks('the token');
  const [one, other] = [links.issue(), links.issue()];
  expect(one).not.toBe(other);
  expect(one).toMatch(/^[\w-]{43}$/);
  expect(links.redeem(one)).toBe('the token');
  expect(links.redeem(one)).toBeUndefined();
  expect(links.redeem(other)).toBe('the token');
});

test.each(['', 'x', 'the token', 'A'.repeat(43)])('%j is no code', (code) => {
  const links = createSignInLinks('the token');
  links.issue();
  expect(links.redeem(code)).toBeUndefined();
});
