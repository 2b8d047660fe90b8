import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { healthyHost, saturatedHost, silent } from '../../test/findings.ts';
import { type ProgressFacts, startProgress } from './progress.ts';

function terminal(
  isTTY: boolean,
  columns = 80,
): { stderr: PassThrough & { isTTY: boolean; columns: number }; text(): string } {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns });
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { stderr, text: () => text };
}

const facts: ProgressFacts = { total: 40, isDumb: false, nowMs: () => 0 };
const CLEAR = '\r\u001b[K';

test('one line is rewritten as hosts finish, names what was found, and is cleared at the end', async () => {
  const { stderr, text } = terminal(true);
  const progress = startProgress(stderr, facts);
  progress.hostDone(healthyHost('a'));
  progress.hostDone(saturatedHost('db-1'));
  progress.hostDone(silent('\u001b[2Japp'));
  progress.stop();
  await new Promise(setImmediate);
  expect(text().split(CLEAR)).toEqual([
    '',
    '0 of 40 hosts, 0 s',
    '1 of 40 hosts, 0 s',
    '2 of 40 hosts, 0 s: db-1 saturated',
    '3 of 40 hosts, 0 s: db-1 saturated, \\x1b[2Japp suspected hung',
    '',
  ]);
});

test('the line never reaches the last column, and beyond three names it counts', async () => {
  const { stderr, text } = terminal(true, 60);
  const progress = startProgress(stderr, facts);
  for (let i = 0; i < 9; i++) progress.hostDone(saturatedHost(`a-rather-long-name-${i}`));
  progress.stop();
  await new Promise(setImmediate);
  for (const line of text().split(CLEAR)) expect(line.length).toBeLessThan(60);
});

test('results that are printed meanwhile find the line cleared', async () => {
  const { stderr, text } = terminal(true);
  const progress = startProgress(stderr, { ...facts, only: 'db-1' });
  await progress.aside(async () => {
    stderr.write('RESULT\n');
  });
  progress.stop();
  await new Promise(setImmediate);
  expect(text()).toBe(`${CLEAR}watching db-1, 0 s${CLEAR}RESULT\n${CLEAR}`);
});

test('a terminal that does not know its width gets the whole line', async () => {
  const { stderr, text } = terminal(true, 0);
  startProgress(stderr, facts).stop();
  await new Promise(setImmediate);
  expect(text()).toBe(`${CLEAR}0 of 40 hosts, 0 s${CLEAR}`);
});

test.each([
  ['stderr is no terminal', false, false],
  ['the terminal is dumb', true, true],
])('nothing at all is written where %s', async (_, isTTY, isDumb) => {
  const { stderr, text } = terminal(isTTY);
  const progress = startProgress(stderr, { ...facts, isDumb });
  progress.hostDone(saturatedHost('a'));
  await progress.aside(async () => {});
  progress.stop();
  await new Promise(setImmediate);
  expect(text()).toBe('');
});

test('lines that stand above are drawn with it, from the hosts that are done, and all of it is cleared at the end', async () => {
  const { stderr, text } = terminal(true, 40);
  const spaces: unknown[] = [];
  const progress = startProgress(Object.assign(stderr, { rows: 10 }), {
    ...facts,
    above: (done, space) => {
      spaces.push(space);
      return done.map(({ host }) => `row of ${host}`);
    },
  });
  progress.hostDone(saturatedHost('db-1'));
  await vi.waitFor(() => expect(text()).toContain('row of db-1'), 20_000);
  progress.stop();
  await new Promise(setImmediate);
  expect(text()).toContain('\u001b[Krow of db-1\r\n\u001b[K1 of 40 hosts, 0 s');
  expect(text().endsWith('\r\u001b[1A\u001b[K\r\n\u001b[J\u001b[1A')).toBe(true);
  // A line is left for how far it is.
  expect(spaces[0]).toEqual({ width: 39, height: 8 });
});
