import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openScreenArea } from './screen-area.ts';

/** A terminal that understands what an area may send, and nothing else. */
function terminal(columns = 20, rows = 6) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  const lines: string[] = [''];
  /** What tmux does with all that is cleared from the very first place on. */
  const scrolledAway: string[] = [];
  let row = 0;
  let column = 0;
  const put = (character: string): void => {
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  };
  const take = (text: string): void => {
    for (const [token, up] of text.matchAll(/\u001b\[([0-9]+)A|\u001b\[[KJ]|\u001b\[[0-9]*m|\r|\n|[^\u001b]/gu)) {
      if (token === '\r') column = 0;
      else if (token === '\n') {
        row += 1;
        lines[row] ??= '';
      } else if (up !== undefined) row -= Number(up);
      else if (token === '\u001b[K') lines[row] = (lines[row] ?? '').slice(0, column);
      else if (token === '\u001b[J') {
        if (row === 0 && column === 0) scrolledAway.push(...lines);
        lines[row] = (lines[row] ?? '').slice(0, column);
        lines.length = row + 1;
      } else if (!token.startsWith('\u001b')) put(token);
      if (row < 0) throw new Error('above what was drawn');
    }
  };
  stream.on('data', (chunk: Buffer) => take(chunk.toString()));
  /** Down to the cursor, or to what stands below it. */
  const screen = (): string[] =>
    lines.slice(
      0,
      Math.max(
        row,
        lines.findLastIndex((line) => line !== ''),
      ) + 1,
    );
  return { stream, screen, scrolledAway, type: take };
}

const settled = (): Promise<void> => new Promise(setImmediate);

test('lines take the place of those before, be they more or fewer, and what stands above stays', async () => {
  const { stream, screen, type } = terminal();
  type('$ whodisk\r\n');
  const area = openScreenArea(stream);
  area.draw(['one']);
  area.draw(['a longer one', 'two', 'three']);
  area.draw(['x', 'y']);
  await settled();
  expect(screen()).toEqual(['$ whodisk', 'x', 'y']);
  area.draw(['x', 'y', 'z']);
  area.clear();
  await settled();
  expect(screen()).toEqual(['$ whodisk', '']);
});

test('what is written after it was cleared stands where it began, and it goes on below', async () => {
  const { stream, screen, scrolledAway } = terminal();
  const area = openScreenArea(stream);
  area.draw(['a', 'b', 'b']);
  area.clear();
  stream.write('said\r\n');
  area.draw(['c', 'd']);
  await settled();
  expect(screen()).toEqual(['said', 'c', 'd']);
  expect(scrolledAway).toEqual([]);
});

test('colours take no room', async () => {
  const { stream, screen } = terminal(10);
  const area = openScreenArea(stream);
  area.draw(['\u001b[1m\u001b[31m12345678\u001b[39m\u001b[22m', 'second']);
  area.draw(['third']);
  await settled();
  expect(screen()).toEqual(['third']);
});

test('a terminal that became narrower has broken the lines: the area begins where the first of them begins', async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 20, rows: 6 });
  const sent: string[] = [];
  const area = openScreenArea(stream);
  area.draw(['123456789012345678', 'short']);
  stream.read();
  stream.columns = 10;
  stream.on('data', (chunk: Buffer) => sent.push(chunk.toString()));
  area.draw(['x']);
  await settled();
  // Two lines of it and one.
  expect(sent.join('')).toMatch(/^\r\u001b\[2A/u);
});

test('of lines that a narrower terminal has broken nothing is left, although as many are drawn again', async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 20, rows: 6 });
  const area = openScreenArea(stream);
  area.draw(['123456789012345678', '123456789012345678']);
  stream.read();
  stream.columns = 10;
  area.draw(['x', 'y']);
  await settled();
  const [up, down, toTheEnd] = ['\u001b[3A', '\r\n\u001b[K', '\u001b[J'];
  expect(String(stream.read())).toBe(`\r${up}\u001b[Kx${down}y${toTheEnd}`);
});

test('there is always a line and a column less than the terminal has, and a size where it does not know its own', () => {
  expect(openScreenArea(terminal(60, 20).stream).space()).toEqual({ width: 59, height: 19 });
  expect(openScreenArea(terminal(0, 0).stream).space()).toEqual({ width: 79, height: 23 });
  expect(openScreenArea(terminal(60, 1).stream).space().height).toBe(1);
});
