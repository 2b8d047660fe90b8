import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lostHost, refused, saturatedHost, silent, unknownKey } from '../../test/findings.ts';
import { hostileText } from '../../test/hostile-text.ts';
import { groupFailures } from './failures.ts';

test('the largest group comes first; swept and suspected hung hosts are in none', () => {
  const hosts = [
    saturatedHost('s'),
    silent('h'),
    unknownKey('k'),
    refused('web-3'),
    refused('web-1'),
    refused('web-2'),
  ];
  expect(groupFailures(hosts).map(({ kind, names }) => [kind, names])).toEqual([
    ['refused', ['web-1', 'web-2', 'web-3']],
    ['hostkey-unknown', ['k']],
  ]);
});

test('hosts that show different keys share one message', () => {
  const shows = (name: string, key: string) =>
    lostHost(name, {
      phase: 'hostkey',
      kind: 'hostkey-unknown',
      message: `root@${name} shows SHA256:${key}: compare it`,
    });
  expect(groupFailures([shows('a', 'abc+/1'), shows('b', 'xyz')])[0]).toMatchObject({
    names: ['a', 'b'],
    otherMessages: 0,
  });
});

test('what fails on the way is told for each jump host, and what servers make up is not told without end', () => {
  const behind = (name: string, jump: string) =>
    lostHost(name, {
      phase: 'connect',
      kind: 'jump-failed',
      message: `${name} lies behind ${jump}, which refused the log-in`,
    });
  const groups = groupFailures([behind('a', 'one'), behind('b', 'two'), behind('c', 'one')]);
  expect(groups.map(({ names, otherMessages }) => [names, otherMessages])).toEqual([
    [['a', 'c'], 0],
    [['b'], 0],
  ]);
  const many = groupFailures(Array.from({ length: 300 }, (_, i) => behind(`h${i}`, `j${i}`)));
  expect(many).toHaveLength(6);
  expect(many.reduce((sum, { names }) => sum + names.length, 0)).toBe(300);
});

test('no name or message, whatever it holds, breaks the grouping', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (name, message) => {
      const failure = { phase: 'connect', kind: 'not-ssh', message } as const;
      expect(groupFailures([lostHost(name, failure), lostHost('b', failure)])[0]?.names).toHaveLength(2);
    }),
    { numRuns: 200 },
  );
});
