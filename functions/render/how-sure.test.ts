import { expect, test } from 'vitest';
import type { Culprit } from '../../runner/triage/finding.ts';
import { whySure } from './how-sure.ts';

const culprit = (confidence: Culprit['confidence'], evidence: string[], activity: Culprit['activity'] = 'read') =>
  whySure({ confidence, evidence, activity } as Culprit);

test('what is missing is said, harmlessly, where anything is', () => {
  expect(culprit('medium', ['fd 3 is /x', 'not sure: it has \u001b[31mended'])).toMatch(/^it has .*ended$/);
  expect(culprit('medium', ['not sure: it has \u001b[31mended'])).not.toContain('\u001b');
});

test('what is sure says by what: memory is not seen at work on a file', () => {
  expect(culprit('high', [])).toContain('seen at work on this disk');
  expect(culprit('high', [], 'swap')).toContain('memory');
});

test('a finding that does not say what is missing is explained in general', () => {
  expect(culprit('low', [])).toBe('it fits, but too little was seen to be sure');
});
