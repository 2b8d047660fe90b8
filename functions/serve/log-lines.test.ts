import { expect, test } from 'vitest';
import { logLines } from './log-lines.ts';

const nowMs = (): number => Date.parse('2026-11-28T16:00:00.000Z');
function logged(isJson: boolean) {
  const lines: string[] = [];
  return { lines, log: logLines((line) => lines.push(line), { isJson, nowMs }) };
}

test('a line has time, level, message and its fields, of which absent ones are left out', () => {
  const { lines, log } = logged(false);
  log.info('a sweep has ended', { sweepId: '01JD', swept: 3, by: undefined, isLate: false, asked: 'a b="c"' });
  log.error('broken');
  expect(lines).toEqual([
    '2026-11-28T16:00:00.000Z info  a sweep has ended sweepId=01JD swept=3 isLate=false asked="a b=\\"c\\""\n',
    '2026-11-28T16:00:00.000Z error broken\n',
  ]);
});

test('what others wrote makes no second line, moves no cursor, and forges no field', () => {
  for (const isJson of [false, true]) {
    const { lines, log } = logged(isJson);
    log.warn('odd \u001b[2J', {
      host: 'x\n2026 info all is well',
      name: 'a level=info',
      dir: '\u202eabc',
      // The type refuses it.
      ...({ level: 'info' } as object),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, -1)).not.toMatch(/\p{C}/u);
    if (isJson) expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', name: 'a level=info' });
    else expect(lines[0]).toContain('name="a level=info"');
  }
});
