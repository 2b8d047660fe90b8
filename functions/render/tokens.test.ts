import { expect, test } from 'vitest';
import { widthOf } from './fit.ts';
import { paintFor } from './paint.ts';
import { renderTokens, renderTokensJson, renderTokensPlain } from './tokens.ts';

const NOW = Date.parse('2026-11-28T16:10:00.000Z');
const at = (width: number) => ({ width, paint: paintFor(false) });
const tokens = [
  {
    id: '01JDF3W5Q00000000000000001',
    name: 'grafana',
    scope: 'read',
    hash: 'c0ffee',
    createdAt: '2026-11-28T16:06:00.000Z',
  },
  {
    id: '01JDF3W5Q00000000000000002',
    name: 'old\u001b',
    scope: 'admin',
    hash: 'c0ffee',
    createdAt: '2026-11-27T16:06:00.000Z',
    revokedAt: '2026-11-28T16:09:00.000Z',
  },
];

test('a token is a line with its id, and whether it still opens anything', () => {
  const lines = renderTokens(tokens, NOW, at(120)).trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/ {2,}/gu, '  '))).toEqual([
    'ID  NAME  SCOPE  MADE (UTC)  AGO  STATE',
    '01JDF3W5Q00000000000000001  grafana  read  2026-11-28 16:06  4m  in use',
    '01JDF3W5Q00000000000000002  old\\x1b  admin  2026-11-27 16:06  1d  revoked 2026-11-28 16:09',
  ]);
  for (const line of renderTokens(tokens, NOW, at(60)).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(60);
  expect(renderTokensPlain(tokens).split('\n')[1]).toBe(
    '01JDF3W5Q00000000000000002 old\\x1b: scope admin, made 2026-11-27T16:06:00.000Z, revoked 2026-11-28T16:09:00.000Z',
  );
});

test('nothing from which a token could be told is shown', () => {
  const all = renderTokens(tokens, NOW, at(200)) + renderTokensPlain(tokens) + renderTokensJson(tokens);
  expect(all).not.toContain('c0ffee');
  expect(JSON.parse(renderTokensJson(tokens)).tokens[0]).toEqual({
    id: '01JDF3W5Q00000000000000001',
    name: 'grafana',
    scope: 'read',
    createdAt: '2026-11-28T16:06:00.000Z',
  });
});
