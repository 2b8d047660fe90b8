import { expect, test } from 'vitest';
import { type SweepAsked, sweepSettings } from './sweep-settings.ts';

const command = (given: Partial<SweepAsked> = {}): SweepAsked => ({ args: false, ...given });

test('without a word of anybody the defaults of the manual hold', () => {
  expect(sweepSettings(command(), {})).toEqual({
    windowSeconds: 5,
    deadlineSeconds: 15,
    forks: 256,
    privilege: 'auto',
    privilegeGiven: false,
    hostKeys: 'strict',
    args: false,
  });
});

test('the command line outranks whodisk.yml, which outranks the defaults', () => {
  const configured = {
    windowSeconds: 8,
    deadlineSeconds: 30,
    forks: 9,
    privilege: 'user',
    hostKeyPolicy: 'accept-new',
  } as const;
  expect(sweepSettings(command(), configured)).toMatchObject({
    windowSeconds: 8,
    deadlineSeconds: 30,
    forks: 9,
    privilege: 'user',
    privilegeGiven: false,
    hostKeys: 'accept-new',
  });
  const given = { windowSeconds: 2, deadlineSeconds: 4, forks: 1, privilege: 'root', hostKeys: 'strict' } as const;
  expect(sweepSettings(command(given), configured)).toMatchObject({ ...given, privilegeGiven: true });
});

test('the deadline follows the window where nobody gives one', () => {
  expect(sweepSettings(command({ windowSeconds: 60 }), {})).toMatchObject({ deadlineSeconds: 70 });
  expect(sweepSettings(command(), { windowSeconds: 20 })).toMatchObject({ deadlineSeconds: 30 });
});

test.each([
  [{ deadlineSeconds: 5 }, {}, /^--deadline 5 leaves no time after a window of 5 s.*--deadline 15$/],
  [{ windowSeconds: 20, deadlineSeconds: 20 }, {}, /^--deadline 20 leaves no time/],
  [{ windowSeconds: 20 }, { deadlineSeconds: 10 }, /^deadlineSeconds 10 leaves no time after a window of 20 s/],
])('a deadline inside of the window is refused: %j over %j', (given, configured, message) => {
  expect(sweepSettings(command(given), configured)).toEqual({ problem: expect.stringMatching(message) });
});
