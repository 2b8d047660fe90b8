import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

const parse = (...argv: string[]): ReturnType<typeof parseCommandLine> => parseCommandLine(argv, '1.2.3', 80);
const sweep = (...argv: string[]): { targets: readonly string[]; watchSeconds?: number } => {
  const command = parse(...argv);
  if (command.kind !== 'sweep') throw new Error(JSON.stringify(command));
  const { targets, watchSeconds } = command;
  return { targets, ...(watchSeconds !== undefined && { watchSeconds }) };
};

test.each([
  [['--watch'], [], 30],
  [['--watch', '10'], [], 10],
  [['--watch=10', 'db-1'], ['db-1'], 10],
  [['--watch', '10', 'db-1'], ['db-1'], 10],
  [['--watch', 'db-1'], ['db-1'], 30],
  [['db-1', '--watch', '-w', '7'], ['db-1'], 30],
  [['sweep', '--watch', '10', '10'], ['10'], 10],
  [['--watch', '@db', '12'], ['@db', '12'], 30],
])('%j watches %j every %d s', (argv, targets, watchSeconds) => {
  expect(sweep(...argv)).toEqual({ targets, watchSeconds });
});

test('nothing is watched unasked, and behind -- every word is a target', () => {
  expect(sweep('db-1')).toEqual({ targets: ['db-1'] });
  expect(sweep('--', 'db-1', '--watch', '10').targets).toEqual(['db-1', '--watch', '10']);
});

test.each([
  [['--watch', '4'], /whole number from 5 to 86400/],
  [['--watch', '99999999'], /whole number from 5 to 86400/],
  [['--watch=soon', 'db-1'], /whole number from 5 to 86400/],
  [['--watch', '--json', 'db-1'], /no end[\s\S]*--watch --ndjson/],
  [['explain', 'db-1', '--watch'], /'whodisk explain' takes no --watch/],
  [['serve', '--watch', '10'], /'whodisk serve' takes no --watch/],
])('%j is refused, with what to do', (argv, message) => {
  expect(parse(...argv)).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
});
