import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProblems, programPath } from './load-needs.ts';

const given = { platform: 'linux', uid: 0, parent: tmpdir(), path: programPath(undefined) };

describe('a load', () => {
  test('is for root, and on Linux', () => {
    expect(loadProblems({ ...given, uid: 1000 })).toEqual([expect.stringMatching(/only root may .*sudo/)]);
    expect(loadProblems({ ...given, uid: undefined })).toHaveLength(1);
    expect(loadProblems({ ...given, platform: 'darwin' })).toEqual([expect.stringContaining('darwin')]);
  });

  test.runIf(process.platform === 'linux')(
    'names the packages of what is missing, and a folder that is not there',
    () => {
      const empty = mkdtempSync(join(tmpdir(), 'whodisk-needs-'));
      try {
        const problems = loadProblems({ ...given, path: empty, parent: join(empty, 'nowhere') });
        expect(problems).toContain(
          'there is no losetup, mount, umount, mkfs.ext4 here: apt-get install mount e2fsprogs',
        );
        expect(problems).toContainEqual(expect.stringMatching(/nowhere.*TMPDIR=DIR/));
      } finally {
        rmSync(empty, { recursive: true });
      }
    },
  );

  test('finds programs where a user’s PATH does not look', () => {
    expect(programPath('/opt/bin')).toBe('/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  });
});

test('programs are never looked for in the working folder, which may be anybody’s', () => {
  expect(programPath(':/opt/bin:.:bin:')).toBe('/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  expect(programPath(undefined)).toBe('/usr/sbin:/usr/bin:/sbin:/bin');
});
