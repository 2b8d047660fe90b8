import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Culprit, Disk } from './finding.ts';
import { normalisePath, normaliseProgram, normaliseUnit } from './normalise.ts';
import { findPatterns } from './patterns.ts';

const culprit = (more: Partial<Culprit> = {}): Culprit => ({
  pid: 18940,
  pids: [18940],
  command: 'python',
  program: 'logtest.py',
  unit: 'logger.service',
  share: 0.98,
  shareOf: 'bytes',
  measured: false,
  confidence: 'high',
  activity: 'buffered-write',
  bytesPerSecond: 4e7,
  files: [{ path: '/tmp/logtest.txt', fd: 3, deleted: false }],
  evidence: [],
  advice: '',
  ...more,
});

const on = (host: string, ...culprits: Culprit[]): { host: string; disks: Disk[] } => ({
  host,
  disks: [
    {
      device: 'sda',
      kind: 'hdd',
      stack: [],
      mountpoints: ['/'],
      verdict: 'saturated',
      culprits,
      victims: [],
      carriers: [],
      othersShare: 0,
      unexplainedShare: 0,
    },
  ],
});

test('the same program with another pid and a rotated file is one pattern, its hosts in the order of their rank', () => {
  const rotated = culprit({ pid: 7, pids: [7], files: [{ path: '/tmp/logtest.txt.1', deleted: true }] });
  const [pattern, ...others] = findPatterns([
    on('db-9', culprit()),
    on('db-1', rotated),
    on('web', culprit({ unit: 'x.service' })),
  ]);
  expect(others).toEqual([]);
  expect(pattern).toMatchObject({
    program: 'logtest.py',
    activity: 'buffered-write',
    pathPattern: '/tmp/logtest.txt',
    hosts: ['db-9', 'db-1'],
  });
});

test('one host alone is no pattern, however often it does it', () => {
  expect(findPatterns([on('db-1', culprit(), culprit({ pid: 5 }))])).toEqual([]);
});

test('another activity, program or folder is another culprit', () => {
  const changed = [
    culprit({ activity: 'fsync' }),
    culprit({ program: 'other.py' }),
    culprit({ files: [{ path: '/srv/logtest.txt', deleted: false }] }),
  ];
  for (const other of changed) expect(findPatterns([on('a', culprit()), on('b', other)])).toEqual([]);
});

test('the fingerprint is the same in every sweep, whatever the pids and hosts', () => {
  const first = findPatterns([on('a', culprit()), on('b', culprit())])[0]?.fingerprint;
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  fc.assert(
    fc.property(fc.nat(), fc.string(), (pid, name) => {
      const hosts = [on(`${name}1`, culprit({ pid: pid + 1 })), on(`${name}2`, culprit({ pid: null, pids: [] }))];
      expect(findPatterns(hosts)[0]?.fingerprint).toBe(first);
    }),
  );
});

test('without a file the pattern has no path, and the file with the largest share stands for several', () => {
  const bare = culprit({ files: [] });
  expect(findPatterns([on('a', bare), on('b', bare)])[0]).not.toHaveProperty('pathPattern');
  const files = [
    { path: '/a', deleted: false, share: 0.1 },
    { path: '/b', deleted: false, share: 0.9 },
  ];
  expect(findPatterns([on('a', culprit({ files })), on('b', culprit({ files }))])[0]?.pathPattern).toBe('/b');
});

test.each([
  ['/var/log/app.log.3.gz', '/var/log/app.log'],
  ['/var/log/app.log-20181205', '/var/log/app.log'],
  ['/var/log/app.2018-12-05.zst', '/var/log/app'],
  ['/srv/base/16384/2619.1', '/srv/base/*/*'],
  [`/var/lib/docker/overlay2/${'4fe1'.repeat(16)}/diff/x`, '/var/lib/docker/overlay*/*/diff/x'],
  ['/tmp/123e4567-e89b-12d3-a456-426614174000/y', '/tmp/*/y'],
  ['/home/deadbeef/cafe', '/home/deadbeef/cafe'],
  ['/.1', '/.*'],
  ['', ''],
])('%j is the path pattern %j', (path, pattern) => {
  expect(normalisePath(path)).toBe(pattern);
});

test('units lose their instance numbers, programs only the number of a worker', () => {
  expect(normaliseUnit('session-12.scope')).toBe('session-*.scope');
  expect(normaliseProgram('worker-12')).toBe('worker-*');
  expect(normaliseProgram('python3')).toBe('python3');
});
