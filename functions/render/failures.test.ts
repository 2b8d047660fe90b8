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
  expect(groupFailures(hosts).map(({ kind, count, names }) => [kind, count, names])).toEqual([
    ['refused', 3, 'web-[1-3]'],
    ['hostkey-unknown', 1, 'k'],
  ]);
});

test('hosts that show different keys share one message', () => {
  const shows = (name: string, key: string) =>
    lostHost(name, {
      phase: 'hostkey',
      kind: 'hostkey-unknown',
      message: `root@${name} shows SHA256:${key}: compare it`,
    });
  expect(groupFailures([shows('a', 'abc+/1'), shows('b', 'xyz')])[0]).toMatchObject({ count: 2, otherMessages: 0 });
});

test('no name or message, whatever it holds, breaks the grouping', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (name, message) => {
      const failure = { phase: 'connect', kind: 'not-ssh', message } as const;
      expect(groupFailures([lostHost(name, failure), lostHost('b', failure)])[0]?.count).toBe(2);
    }),
    { numRuns: 200 },
  );
});
