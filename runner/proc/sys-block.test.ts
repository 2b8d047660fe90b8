import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseSysBlock } from './sys-block.ts';

const device = (text: string, name: string) => parseSysBlock(text).find((block) => block.name === name);

describe('parseSysBlock', () => {
  test('a disk: number, model without its padding, scheduler in force, partitions', () => {
    expect(device(readFixture('3.10', 'sys-block'), 'sda')).toEqual({
      name: 'sda',
      number: '8:0',
      rotational: true,
      model: 'VBOX HARDDISK',
      scheduler: 'deadline',
      slaves: [],
      partitions: new Map([
        ['sda1', '8:1'],
        ['sda2', '8:2'],
      ]),
    });
  });

  test('a dm device: the name that a person gave it, and what it stands on', () => {
    expect(device(readFixture('3.10', 'sys-block'), 'dm-0')).toMatchObject({ dmName: 'centos-root', slaves: ['sda2'] });
    expect(device(readFixture('4.18', 'sys-block'), 'md127')?.slaves).toEqual(['sdb1', 'sdc1']);
  });

  test('a loop device: the file below it', () => {
    const loop = device(readFixture('6.18', 'sys-block'), 'loop1');
    expect(loop?.backingFile).toMatch(/^\/.*inner\.img$/);
    expect(device('/sys/block/loop1/loop/backing_file:/a:b (deleted)', 'loop1')?.backingFile).toBe('/a:b (deleted)');
  });

  test("an NVMe controller's character device is no partition of its disk", () => {
    expect([...(device(readFixture('4.18', 'sys-block'), 'nvme0n1')?.partitions ?? [])]).toEqual([
      ['nvme0n1p1', '259:1'],
      ['nvme0n1p2', '259:2'],
    ]);
  });

  test('a name with a slash is the name that /proc/diskstats has', () => {
    const text = '/sys/block/cciss!c0d0/dev:104:0\n/sys/block/cciss!c0d0/cciss!c0d0p1/dev:104:1\n';
    expect(device(text, 'cciss/c0d0')?.partitions).toEqual(new Map([['cciss/c0d0p1', '104:1']]));
    expect(device('/sys/block/dm-0/slaves/cciss!c0d0p2', 'dm-0')?.slaves).toEqual(['cciss/c0d0p2']);
  });

  test('what was not sent is absent: no model, no rotational flag', () => {
    expect(device('/sys/block/sdz/dev:65:144\n/sys/block/sdz/device/model:', 'sdz')).toEqual({
      name: 'sdz',
      number: '65:144',
      slaves: [],
      partitions: new Map(),
    });
  });

  test('a disk called __proto__ is a disk', () => {
    expect(device('/sys/block/__proto__/dev:8:0', '__proto__')?.number).toBe('8:0');
  });

  test.each([...HOSTILE_LINES, '/sys/block/', '/sys/block/sda', '/sys/block//dev:1:1', '/sys/block/a:b/dev:1:1'])(
    '%#: a line that is not of /sys/block is left out',
    (line) => {
      expect(parseSysBlock(line)).toEqual([]);
    },
  );

  test('a flood of devices is cut off', () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `/sys/block/d${i}/dev:1:${i}`).join('\n');
    expect(parseSysBlock(text).length).toBeLessThan(2000);
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(almostLines('/sys/block/sda/dev:8:0', '/sys/block/sda/slaves/', '/sys/block/../..:'), (text) => {
        for (const { name } of parseSysBlock(text)) expect(name).not.toBe('');
      }),
    );
  });
});
