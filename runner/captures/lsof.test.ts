import { describe, expect, test } from 'vitest';
import { captureText, sectionOf } from '../../test/fixtures/read-capture.ts';
import { parseLsof } from './lsof.ts';

const lsof = (text: string) => parseLsof(sectionOf(text)).openers;
const TITLES = 'COMMAND   PID USER   FD   TYPE DEVICE  SIZE/OFF    NODE NAME\n';

describe('parseLsof', () => {
  test('lsof 4.95: regular files that are open, not what is mapped, the folder or pipes', () => {
    const [opener, ...others] = lsof(captureText('lsof-4.95'));
    expect(others).toEqual([]);
    expect(opener).toMatchObject({ pid: 32557, user: 'root' });
    expect(opener?.files.map(({ fd, path }) => [fd, path])).toEqual([
      [1, '/var/log/app.stdout'],
      [2, '/var/log/app.stderr'],
      [3, '/srv/app/out.log'],
    ]);
    expect(opener?.files[2]).toMatchObject({ number: '254:0', mode: { reads: false, writes: true } });
  });

  test('deleted files, locks, threads, offsets instead of sizes, names with blanks', () => {
    const [opener] = lsof(`COMMAND  PID TID TASKCMD USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
mysqld   700                mysql    4uW  REG   8,17  0t81920  12 /var/lib/mysql/a file (deleted)
mysqld   700 701 connection mysql    5r   REG   8,17           13 /var/lib/mysql/b
mysqld   700                mysql    6w   BLK   8,32      0t0 500 /dev/sdc`);
    expect(opener?.files).toMatchObject([
      { fd: 4, path: '/var/lib/mysql/a file', deleted: true, number: '8:17', mode: { reads: true, writes: true } },
      { fd: 5, path: '/var/lib/mysql/b', deleted: false, mode: { reads: true, writes: false } },
      { fd: 6, path: '/dev/sdc' },
    ]);
  });

  test('a row that somebody broke, with the name in the next line', () => {
    expect(lsof(`${TITLES}python  18940 root    3w   REG    8,1 117944320\n     303 /tmp/logtest.txt`)).toMatchObject([
      { pid: 18940, files: [{ fd: 3, path: '/tmp/logtest.txt', number: '8:1' }] },
    ]);
  });

  test('rows without the line of titles are known', () => {
    expect(lsof('python  18940 root    3w   REG    8,1 117944320     303 /tmp/logtest.txt')).toHaveLength(1);
  });
});
