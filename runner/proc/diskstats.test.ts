import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseDiskstats } from './diskstats.ts';

const one = (text: string, device: string) => parseDiskstats(text).disks.find((disk) => disk.device === device);

describe('parseDiskstats', () => {
  test('3.10 has 14 columns: discards and flushes are absent, not zero', () => {
    const text = readFixture('3.10', 'diskstats');
    expect(one(text, 'sda')).toEqual({
      number: '8:0',
      device: 'sda',
      readsCompleted: 24863n,
      sectorsRead: 1629342n,
      readMs: 94712n,
      writesCompleted: 389211n,
      sectorsWritten: 11260474n,
      writeMs: 1893266n,
      inFlight: 3,
      ioMs: 402811n,
      weightedMs: 1987845n,
    });
    expect(parseDiskstats(text)).toMatchObject({ malformed: 0, disks: { length: 6 } });
  });

  test('4.18 has 18 columns: discards, still no flushes', () => {
    const disk = one(readFixture('4.18', 'diskstats'), 'nvme0n1');
    expect(disk).toMatchObject({ discardsCompleted: 14203n, sectorsDiscarded: 910321416n, discardMs: 4411n });
    expect(disk).not.toHaveProperty('flushesCompleted');
  });

  test.each(['5.10', '6.18'] as const)('%s has 20 columns', (kernel) => {
    const { disks, malformed } = parseDiskstats(readFixture(kernel, 'diskstats'));
    expect(malformed).toBe(0);
    expect(disks.every((disk) => disk.flushesCompleted !== undefined && disk.flushMs !== undefined)).toBe(true);
  });

  test('a zero that the kernel printed is a zero', () => {
    expect(one(readFixture('5.10', 'diskstats'), 'sda1')).toMatchObject({
      flushesCompleted: 0n,
      discardsCompleted: 0n,
    });
  });

  test('columns that a later kernel may add do no harm', () => {
    const text = readFixture('5.10', 'diskstats')
      .replace(/$/gm, ' 7 8')
      .replace(/^ 7 8$/m, '');
    expect(parseDiskstats(text)).toMatchObject({ malformed: 0, disks: [{ flushMs: 150314n }, {}, {}] });
  });

  test('the largest counter of the kernel is exact, one more is no counter', () => {
    const line = (value: bigint) => `8 0 sda ${value} 0 0 0 0 0 0 0 0 0 0`;
    expect(parseDiskstats(line(2n ** 64n - 1n)).disks[0]?.readsCompleted).toBe(18446744073709551615n);
    expect(parseDiskstats(line(2n ** 64n))).toEqual({ disks: [], malformed: 1 });
  });

  test.each([
    ['too few columns', '8 0 sda 1 2 3 4 5 6 7 8 9 10'],
    ['a word among the counters', '8 0 sda 1 2 3 4 x 6 7 8 9 10 11'],
    ['a negative counter', '8 0 sda 1 2 3 4 -5 6 7 8 9 10 11'],
    ['NaN', '8 0 sda NaN 2 3 4 5 6 7 8 9 10 11'],
    ['1e3', '8 0 sda 1e3 2 3 4 5 6 7 8 9 10 11'],
    ['a hexadecimal counter', '8 0 sda 0x1 2 3 4 5 6 7 8 9 10 11'],
    ['a name with a space', '8 0 sd a 1 2 3 4 5 6 7 8 9 10 11'],
    ['no number', 'a b sda 1 2 3 4 5 6 7 8 9 10 11'],
  ])('%s: counted, and the other lines are kept', (_, line) => {
    const { disks, malformed } = parseDiskstats(`${line}\n8 16 sdb 1 2 3 4 5 6 7 8 9 10 11\n`);
    expect(malformed).toBe(1);
    expect(disks.map(({ device }) => device)).toEqual(['sdb']);
  });

  test('a device called __proto__ is a device', () => {
    expect(one('8 0 __proto__ 1 2 3 4 5 6 7 8 9 10 11', '__proto__')?.readsCompleted).toBe(1n);
  });

  test.each(HOSTILE_LINES.map((line) => [line.slice(0, 30), line]))('a line %j yields nothing', (_, line) => {
    expect(parseDiskstats(line).disks).toEqual([]);
  });

  test('more devices than any host has are cut off and counted', () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `8 ${i} d${i} 1 2 3 4 5 6 7 8 9 10 11`).join('\n');
    const { disks, malformed } = parseDiskstats(text);
    expect(disks.length).toBeLessThan(5000);
    expect(disks.length + malformed).toBe(30_000);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('8 0 sda', '1 2 3 4 5 6 7 8 9 10 11', '7 8 9 10 11 12 13 14 15'), (text) => {
        expect(badNumbersIn(parseDiskstats(text))).toEqual([]);
      }),
    );
  });
});
