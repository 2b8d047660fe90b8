/**
 * Every trap again, from its recording: anywhere, in milliseconds, by the same judge as the live ones in test/real/traps.
 *
 * WHODISK_RENDER=1 makes the texts anew; conclusions only change with a new recording (WHODISK_RECORD=1 npm run bench:accuracy).
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ALL_CASES } from './real/traps/cases.ts';
import { conclusionOf, goldenOf, isSameConclusion, parseGolden, textOf } from './real/traps/golden.ts';
import { judge } from './real/traps/judge.ts';
import { fileOf, findingOf, MAX_RECORDING_BYTES, readRecording } from './real/traps/recording.ts';

describe.each(ALL_CASES)('the recorded trap $name', ({ name, expected }) => {
  const recording = readRecording(name);
  const golden = existsSync(fileOf(name, 'golden'))
    ? parseGolden(readFileSync(fileOf(name, 'golden'), 'utf8'))
    : undefined;

  test('is there, and small', () => {
    expect(recording).toBeDefined();
    expect(golden).toBeDefined();
    expect(statSync(fileOf(name, 'txt')).size).toBeLessThanOrEqual(MAX_RECORDING_BYTES);
  });

  test.runIf(recording)('is judged right', async () => {
    if (!recording) return;
    expect(judge(await findingOf(recording), expected, recording.truth)).toEqual({ outcome: 'right', problems: [] });
  });

  test.runIf(recording && golden)(
    'keeps its verdict, its culprits and their shares, and is shown as it was',
    async () => {
      if (!recording || !golden) return;
      const host = await findingOf(recording);
      const conclusion = conclusionOf(host, recording.truth);
      expect(isSameConclusion(conclusion, golden.conclusion), JSON.stringify([golden.conclusion, conclusion])).toBe(
        true,
      );
      const text = textOf(host);
      if (process.env['WHODISK_RENDER'] === '1') {
        writeFileSync(fileOf(name, 'golden'), goldenOf(golden.conclusion, text));
      } else expect(text).toBe(golden.text);
    },
  );
});

test('all 22 traps of the table have a case', () => {
  const numbers = new Set(ALL_CASES.flatMap(({ traps }) => traps));
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
});

test('no two cases have the same name', () => {
  expect(new Set(ALL_CASES.map(({ name }) => name)).size).toBe(ALL_CASES.length);
});
