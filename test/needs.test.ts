import { afterEach, describe, expect, it, vi } from 'vitest';
import { howToGet } from './need-providers.ts';
import { needs } from './needs.ts';
import { skippedText } from './skipped-by-name.ts';

describe('what a test needs', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is had where it is there', () => {
    vi.stubEnv('WHODISK_TEST_WITHOUT', '');
    expect(needs()).toEqual({ skip: false });
  });

  it('is left out where that was asked for, with CI too', () => {
    vi.stubEnv('CI', '1');
    vi.stubEnv('WHODISK_TEST_WITHOUT', 'fio,root');
    expect(needs('root')).toEqual({ skip: true, reason: 'left out by WHODISK_TEST_WITHOUT: root' });
  });

  it('is an error with CI set and a reason to skip without, where it is missing', () => {
    vi.stubEnv('WHODISK_TEST_WITHOUT', '');
    vi.stubEnv('WHODISK_TEST_SKIPPED_FILE', '/dev/null');
    vi.stubEnv('PATH', '');
    const missing = 'fio'; // a program of /usr/bin, which is looked for on the PATH only
    vi.stubEnv('CI', '');
    expect(needs(missing)).toMatchObject({ skip: true, reason: expect.stringContaining('sudo apt-get install fio') });
    vi.stubEnv('CI', 'true');
    expect(() => needs(missing)).toThrow('With CI set nothing is skipped');
  });

  it('is got by one apt-get line for all packages, then the rest', () => {
    expect(howToGet(['root', 'sysstat', 'fio', 'root'])).toEqual(['sudo apt-get install fio sysstat', 'sudo npm test']);
  });

  it('is told at the end of a run, a line for each file, then the commands', () => {
    const text = skippedText(
      [
        { file: '/here/test/real/sweep.test.ts', missing: ['root', 'openssh-server'] },
        { file: '/here/runner/a.test.ts', missing: ['gawk'] },
        { file: '/here/runner/a.test.ts', missing: ['gawk', 'busybox'] },
      ],
      '/here',
    );
    expect(text.trim().split('\n')).toEqual([
      'Not run, or not wholly run, for want of something on this machine:',
      '  runner/a.test.ts         needs gawk, busybox',
      '  test/real/sweep.test.ts  needs root, openssh-server',
      'To run them:',
      '  sudo apt-get install busybox gawk openssh-server',
      '  sudo npm test',
    ]);
  });
});
