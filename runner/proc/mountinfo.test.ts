import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseMountinfo } from './mountinfo.ts';

const mounted = (text: string, mountpoint: string) =>
  parseMountinfo(text).mounts.find((mount) => mount.mountpoint === mountpoint);

describe('parseMountinfo', () => {
  test('reads id, device number, file system and source', () => {
    expect(mounted(readFixture('6.18', 'mountinfo'), '/')).toEqual({
      id: 27,
      number: '254:0',
      root: '/',
      mountpoint: '/',
      fsType: 'ext4',
      source: '/dev/vda',
      superOptions: 'rw,discard',
    });
  });

  test('any number of optional fields may stand before the dash', () => {
    expect(mounted(readFixture('5.10', 'mountinfo'), '/home')).toMatchObject({ fsType: 'btrfs', number: '0:61' });
    expect(parseMountinfo(readFixture('5.10', 'mountinfo'))).toMatchObject({ malformed: 0, mounts: { length: 4 } });
  });

  test('spaces in a mountpoint and in a source come back', () => {
    expect(mounted(readFixture('3.10', 'mountinfo'), '/mnt/nfs share')?.source).toBe('filer:/export/a b');
  });

  test('a backslash that escapes nothing stays', () => {
    expect(parseMountinfo('1 0 8:1 / /a\\134040\\x rw - ext4 /dev/sda1 rw').mounts[0]?.mountpoint).toBe('/a\\040\\x');
  });

  test('the layers of an overlay are kept for those who look for the disk below', () => {
    const overlay = mounted(readFixture('5.10', 'mountinfo'), '/var/lib/docker/overlay2/5f0c/merged');
    expect(overlay?.superOptions).toContain('upperdir=/var/lib/docker/overlay2/5f0c/diff');
  });

  test.each([
    'x 0 8:1 / / rw - ext4 /dev/sda1 rw',
    '-1 0 8:1 / / rw - ext4 /dev/sda1 rw',
    '1e3 0 8:1 / / rw - ext4 /dev/sda1 rw',
    '1 0 8 / / rw - ext4 /dev/sda1 rw',
    '1 0 8:-1 / / rw - ext4 /dev/sda1 rw',
    '1 0 8:1 / / rw ext4 /dev/sda1 rw',
    '1 0 8:1 / - ext4 /dev/sda1 rw',
    '1 0 8:1 / / rw - ext4',
    ...HOSTILE_LINES,
  ])('%#: a malformed line is counted and the others are kept', (line) => {
    const { mounts, malformed } = parseMountinfo(`${line}\n2 0 8:2 / /b rw - ext4 /dev/sda2 rw\n`);
    expect(malformed).toBe(1);
    expect(mounts.map(({ id }) => id)).toEqual([2]);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('1 0 8:1 / /', 'rw -', '- ext4 /dev/sda1 rw', '\\040'), (text) => {
        expect(badNumbersIn(parseMountinfo(text))).toEqual([]);
      }),
    );
  });
});
