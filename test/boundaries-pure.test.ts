import { describe, expect, it } from 'vitest';
import { lint } from './lint-sources.ts';

const READS_ENVIRONMENT = ["export const a = process.env['HOME'];", 'export const b = process.env.HOME;'];

describe('the environment', () => {
  const readers = (file: string): string[] => [
    ...new Set(
      lint({ [file]: READS_ENVIRONMENT })
        .filter(({ rule }) => rule === 'noProcessEnv')
        .map(({ line }) => `line ${line}`),
    ),
  ];

  it.each([
    'functions/cli/main.ts',
    'functions/lambda/environment.ts',
    'bin/launch.js',
    'scripts/build.js',
    'test/needs.ts',
    'runner/visit.test.ts',
  ])('may be read by %s', (file) => expect(readers(file)).toEqual([]));

  it.each([
    'functions/cli/sweep.ts',
    'functions/render/plain.ts',
    'runner/visit.ts',
    'runner/ssh/identities.ts',
    'runner/proc/a.ts',
  ])('is refused to %s', (file) => expect(readers(file)).toEqual(['line 1', 'line 2']));
});

describe('what is pure', () => {
  const IMPURE = [
    'setTimeout(() => {}, 1);',
    'console.log(1);',
    'process.hrtime();',
    'performance.now();',
    "fetch('x');",
  ];

  it.each(['runner/proc/a.ts', 'runner/triage/a.ts', 'runner/captures/a.ts', 'functions/render/a.ts'])(
    'has no clock and no output: %s',
    (file) => {
      const lines = lint({ [file]: IMPURE }).filter(({ rule }) => rule === 'noRestrictedGlobals');
      expect(lines.map(({ line }) => line)).toEqual(IMPURE.map((_, index) => index + 1));
    },
  );

  it.each(['runner/proc/a.ts', 'runner/triage/a.ts', 'runner/captures/a.ts'])(
    'takes its times as numbers: %s',
    (file) => {
      expect(lint({ [file]: ['Date.now();'] }).map(({ rule }) => rule)).toEqual(['noRestrictedGlobals']);
    },
  );

  it('leaves the rest free', () => {
    expect(lint({ 'runner/visit.ts': ['export const now = Date.now();'] })).toEqual([]);
  });
});
