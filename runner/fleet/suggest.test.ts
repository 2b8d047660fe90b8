import { expect, test } from 'vitest';
import { suggestionFor } from './suggest.ts';

test.each([
  ['sweeep', 'sweep'],
  ['swep', 'sweep'],
  ['swaep', 'sweep'],
  ['swepe', 'sweep'],
  ['dbs', undefined],
  ['sweep', undefined],
  ['', undefined],
])('a word that is one slip away is suggested: %s', (word, meant) => {
  expect(suggestionFor(word, ['explain', 'sweep'])).toBe(meant);
});
