import { expect, test } from 'vitest';
import { healthyHost, reportOf, saturatedHost } from '../../test/findings.ts';
import { nextAfterExplain, nextAfterSweep } from '../render/next-command.ts';
import { nextText } from './next-words.ts';

const terminal = { columns: 120, colour: false };

test('the command looks where this one stored, quoted for a shell', () => {
  const text = nextText(nextAfterExplain('db-7'), { state: '/srv/my state' }, terminal);
  expect(text).toBe("\nnext: whodisk history db-7 --state '/srv/my state'  # what earlier sweeps found on it\n");
});

test('whoever started it by npx is told a command that their shell finds', () => {
  const next = nextAfterSweep(reportOf([saturatedHost('db-1')]));
  expect(nextText(next, {}, { ...terminal, program: 'npx whodisk' })).toContain('next: npx whodisk explain db-1 ');
  expect(nextText(next, {}, terminal)).toContain('next: whodisk explain db-1 ');
});

test('where all is well the advice is no command, by npx neither', () => {
  const next = nextAfterSweep(reportOf([healthyHost('web-1')]));
  const text = '\nnext: the same with --watch sweeps again and again, and shows what changes\n';
  expect(nextText(next, {}, { ...terminal, program: 'npx whodisk' })).toBe(text);
});
