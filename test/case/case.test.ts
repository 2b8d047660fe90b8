import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCaptures } from '../../runner/captures/read-captures.ts';
import type { Finding } from '../../runner/triage/finding.ts';

/** Written by hand from what the engineer concluded; never regenerated. */
const CONCLUSION =
  'python 18940 saturates sda by logging 300 MB at a time to /tmp/logtest.txt; kworker/u4:2 and jbd2/sda1-8 carry its writes.';

const TOOLS = ['top', 'iostat', 'pidstat', 'strace', 'lsof'] as const;
type Captures = Record<(typeof TOOLS)[number], string>;

/** As the engineer pasted them. */
const pasted = (): Captures =>
  Object.fromEntries(
    TOOLS.map((tool) => [tool, readFileSync(new URL(`./${tool}.txt`, import.meta.url), 'utf8')]),
  ) as Captures;

function findingOf(captures: Captures): Finding {
  const read = readCaptures(TOOLS.map((tool) => ({ file: `${tool}.txt`, text: captures[tool] })));
  if (read.kind === 'problems') throw new Error(read.problems.join());
  return read.finding;
}

const everywhere = (captures: Captures, change: (text: string) => string): Captures =>
  Object.fromEntries(Object.entries(captures).map(([name, text]) => [name, change(text)])) as unknown as Captures;

describe('the case that whodisk is made for', () => {
  const finding = findingOf(pasted());
  const [sda] = finding.disks;

  test('comes to the conclusion that the engineer came to', () => {
    expect(finding.summary).toBe(CONCLUSION);
    expect(finding.verdict).toBe('saturated');
  });

  test('top: one CPU of two waits on I/O 92.7 % of the time, 6.4 of 7.8 GB are page cache', () => {
    expect(finding.cpu?.perCpu.map((cpu) => cpu.iowaitPercent)).toEqual([
      expect.closeTo(92.7, 0),
      expect.closeTo(7.3, 0),
    ]);
    expect(finding.memory).toMatchObject({ totalBytes: 8169308 * 1024, cacheBytes: 6680288 * 1024, swapUsedBytes: 0 });
  });

  test('iostat: sda is 99.2 % busy, 64 writes/s, 32 MB/s, await 7,270 ms, queue 1,102; the others are idle', () => {
    expect(sda).toMatchObject({
      device: 'sda',
      verdict: 'saturated',
      busyPercent: 99.2,
      writesPerSecond: 64,
      writeBytesPerSecond: 32 * 1024 * 1024,
      writeAwaitMs: 7270.44,
      queueDepth: 1102.18,
    });
    expect(finding.disks.slice(1).map(({ device, verdict }) => [device, verdict])).toEqual([['sdb', 'healthy']]);
  });

  test('pidstat: python writes 45 MB/s; kworker and jbd2 wait longer and are carriers, not the cause', () => {
    expect(sda?.culprits).toHaveLength(1);
    expect(sda?.culprits[0]).toMatchObject({
      pid: 18940,
      command: 'python',
      share: 1,
      shareOf: 'bytes',
      measured: false,
      confidence: 'high',
      activity: 'buffered-write',
      // The mean of its two reports.
      bytesPerSecond: 45908 * 1024,
    });
    expect(sda?.carriers.map(({ pid, command }) => [pid, command])).toEqual([
      [20065, 'kworker/u4:2'],
      [354, 'jbd2/sda1-8'],
    ]);
    expect(sda?.victims).toEqual([]);
  });

  test('strace and lsof: write() of 314,572,844 bytes on fd 3, which is /tmp/logtest.txt', () => {
    expect(sda?.culprits[0]?.ioSizeBytes).toBe(314572844);
    expect(sda?.culprits[0]?.files).toEqual([{ path: '/tmp/logtest.txt', fd: 3, deleted: false, share: 1 }]);
    expect(sda?.culprits[0]?.evidence.join('\n')).toMatch(
      /write\(fd 3, 314,572,844 bytes\)[\s\S]*fd 3 is \/tmp\/logtest\.txt/,
    );
  });

  test('other pid, device, path and sizes give the same conclusion with those values', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30_000, max: 4_000_000 }),
        fc.constantFrom('b', 'c', 'd', 'p'),
        fc.stringMatching(/^\/[a-z]{1,8}\/[a-z]{1,8}log\.[a-z]{1,4}$/),
        fc.integer({ min: 2, max: 900 }),
        (pid, letter, path, megabytes) => {
          const minor = (letter.charCodeAt(0) - 97) * 16 + 1;
          const captures = everywhere(pasted(), (text) =>
            text
              .replaceAll('18940', String(pid))
              .replaceAll(/^sdb .*\n/gm, '')
              .replaceAll('sda', `sd${letter}`)
              .replaceAll('REG    8,1 ', `REG    8,${minor} `)
              .replaceAll('/tmp/logtest.txt', path)
              .replaceAll('314572844', String(megabytes * 1024 * 1024)),
          );
          expect(findingOf(captures).summary).toBe(
            CONCLUSION.replace('18940', String(pid))
              .replaceAll('sda', `sd${letter}`)
              .replace('/tmp/logtest.txt', path)
              .replace('300 MB', `${megabytes} MB`),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test('all pasted into one text, in any order and with Windows line ends, is the same', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...TOOLS], { minLength: TOOLS.length }), fc.boolean(), (order, isWindows) => {
        const text = order.map((tool) => pasted()[tool]).join('\n');
        const read = readCaptures([{ file: '<stdin>', text: isWindows ? text.replaceAll('\n', '\r\n') : text }]);
        expect(read.kind === 'read' && read.finding.summary).toBe(CONCLUSION);
      }),
      { numRuns: 50 },
    );
  });

  test('the stat() of a file with a number at its end tells a log that is rotated', () => {
    expect(sda?.culprits[0]?.evidence.join('\n')).toMatch(/stat\(\) of \/tmp\/logtest\.txt\.1, 900 MB .*rotated/);
  });

  test('every figure is traced to the tool that showed it', () => {
    expect(JSON.stringify(finding)).not.toContain('/proc/');
  });

  test('without fd 3 no file is named', () => {
    const captures = { ...pasted() };
    captures.lsof = captures.lsof.replace(/^.* 3w .*$/m, '');
    const finding = findingOf(captures);
    expect(finding.disks[0]?.culprits[0]?.files).toEqual([]);
    expect(finding.summary).not.toContain('/tmp');
    expect(finding.disks[0]?.culprits[0]?.confidence).not.toBe('high');
  });

  test('without the python row there is no culprit, and the load is unexplained', () => {
    const captures = { ...pasted() };
    captures.pidstat = captures.pidstat.replace(/^.*python$/gm, '').replace(/^.* 18940 .*$/gm, '');
    const finding = findingOf(captures);
    expect(finding.verdict).toBe('saturated');
    expect(finding.disks[0]).toMatchObject({ culprits: [], unexplainedShare: 1, othersShare: 0 });
  });

  test('with the file on another disk python is not blamed for this one', () => {
    const captures = { ...pasted() };
    captures.lsof = captures.lsof.replace('8,1 ', '8,17 ');
    const finding = findingOf(captures);
    expect(finding.disks[0]).toMatchObject({ device: 'sda', verdict: 'saturated', culprits: [] });
  });
});
