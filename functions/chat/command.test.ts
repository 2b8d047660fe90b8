import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCommand } from './command.ts';
import { typedText } from './typed-text.ts';

test.each([
  ['', { kind: 'help' }],
  ['  HELP ', { kind: 'help' }],
  ['status', { kind: 'status' }],
  ['diff', { kind: 'diff' }],
  ['host db-7', { kind: 'host', words: ['db-7'] }],
  ['host', { kind: 'host', words: [] }],
  ['@db', { kind: 'sweep', targets: ['@db'] }],
  ['db-7 @web', { kind: 'sweep', targets: ['db-7', '@web'] }],
  ['db-7, @web', { kind: 'sweep', targets: ['db-7', '@web'] }],
  ['sweep status', { kind: 'sweep', targets: ['status'] }],
  ['status db-7', { kind: 'sweep', targets: ['status', 'db-7'] }],
  ['db-[1-3]', { kind: 'sweep', targets: ['db-[1-3]'] }],
])('%j is understood', (text, command) => {
  expect(readCommand(text)).toEqual(command);
});

test.each([
  ['a &amp;lt; b', 'a &lt; b'],
  ['<http://db-7.example.com|db-7.example.com>', 'db-7.example.com'],
  ['<http://db-7.example.com>', 'db-7.example.com'],
  ['<mailto:root@db-7|root@db-7>', 'root@db-7'],
  ['<@U1|db> <@U2>', '@db @U2'],
  ['<!subteam^S1|@db> <!here> <!channel|channel>', '@db @here @channel'],
  ['<#C1|ops>', '#ops'],
  ['db<3 and 3>2', 'db<3 and 3>2'],
  ['&lt;@U1&gt;', '<@U1>'],
])('%j is what was typed as %j', (sent, typed) => {
  expect(typedText(sent)).toBe(typed);
});

test('no text takes long or fails', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '|', '&', 'amp;', 'lt;', '@', '!', 'a', ' ') }),
      (text) => void readCommand(text),
    ),
  );
  expect(typedText('<'.repeat(8000))).toHaveLength(8000);
});
