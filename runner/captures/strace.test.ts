import { describe, expect, test } from 'vitest';
import { captureText, sectionOf } from '../../test/fixtures/read-capture.ts';
import { parseStrace } from './strace.ts';

const strace = (text: string) => parseStrace(sectionOf(text));
const only = (text: string) => {
  const [traced, ...others] = strace(text).traced;
  expect(others).toEqual([]);
  return traced;
};
const ATTACHED = 'strace: Process 70 attached\n';

describe('parseStrace', () => {
  test('-tt -T -y: calls with their sizes, and the files that descriptors stand for', () => {
    const traced = only(captureText('strace-6.1-y'));
    expect(traced?.pid).toBe(32557);
    expect([...(traced?.files ?? [])]).toEqual([[3, { path: '/srv/app/out.log' }]]);
    expect(traced?.calls.slice(0, 2)).toEqual([
      { name: 'write', kind: 'write', fd: 3, lengthBytes: 3_000_001 },
      { name: 'fsync', kind: 'sync', fd: 3 },
    ]);
  });

  test('-c has neither descriptors nor sizes, which is said', () => {
    expect(strace(captureText('strace-6.1-c'))).toMatchObject({ traced: [], limits: [expect.stringContaining('-c')] });
  });

  test('one that was attached again and again is still one', () => {
    expect(only(`${ATTACHED}fsync(3) = 0\n${ATTACHED}fsync(3) = 0`)).toMatchObject({ pid: 70, calls: [{}, {}] });
  });

  test('what a call came to says more than what was asked; failed and empty ones move nothing', () => {
    expect(
      only(`${ATTACHED}read(4, "abc"..., 131072) = 3
read(4, "", 131072) = 0
write(5, "x"..., 512) = -1 EAGAIN (Resource temporarily unavailable)
pwrite64(6, "x"..., 4096, 81920) = 4096
writev(7, [{iov_base="a, b", iov_len=4}, {iov_base="c"..., iov_len=8188}], 2) = 8192
write(8, "not done yet"..., 1048576`)?.calls,
    ).toEqual([
      { name: 'read', kind: 'read', fd: 4, lengthBytes: 3 },
      { name: 'pwrite64', kind: 'write', fd: 6, lengthBytes: 4096, offsetBytes: 81920 },
      { name: 'writev', kind: 'write', fd: 7, lengthBytes: 8192 },
      { name: 'write', kind: 'write', fd: 8, lengthBytes: 1048576 },
    ]);
  });

  test('data that looks like the end of a call is data', () => {
    expect(only(`${ATTACHED}write(3, ") = 5\\", 7) = 9"..., 300000) = 300000`)?.calls).toEqual([
      { name: 'write', kind: 'write', fd: 3, lengthBytes: 300000 },
    ]);
  });

  test('-f: calls that were interrupted by another thread are put together', () => {
    const { traced, attached } = strace(`strace: Process 70 attached with 2 threads
[pid    71] write(3, "a"..., 1000 <unfinished ...>
[pid    70] fsync(4 <unfinished ...>
[pid    71] <... write resumed>) = 1000
[pid    70] <... fsync resumed>) = 0`);
    expect(attached).toEqual([70]);
    expect(traced).toMatchObject([
      { pid: 71, calls: [{ name: 'write', fd: 3, lengthBytes: 1000 }] },
      { pid: 70, calls: [{ name: 'fsync', fd: 4 }] },
    ]);
  });

  test('-o with -f writes the number alone; -r, -t and -ttt put a time before the call', () => {
    for (const lead of [
      '70    ',
      '[pid 70] ',
      '70 15:23:01 ',
      '15:23:01.123456 ',
      '1543990981.123456 ',
      '     0.000123 ',
    ]) {
      expect(only(`$ strace -p 70\n${lead}write(3, "x"..., 4096) = 4096 <0.000012>`), lead).toMatchObject({
        pid: 70,
        calls: [{ name: 'write', fd: 3, lengthBytes: 4096 }],
      });
    }
  });

  test('whose calls they are comes from the call where nothing else says it; without both they are left out', () => {
    const call = 'write(3, "x"..., 4096) = 4096';
    for (const words of ['-p 70', '-fp 70', '-f -p70 -s 10']) expect(only(`# strace ${words}\n${call}`)?.pid).toBe(70);
    expect(strace(call)).toMatchObject({ traced: [], limits: [expect.stringMatching(/whose 1 calls/)] });
    expect(strace(`$ strace -p 70 -p 71\n${call}`).traced).toEqual([]);
  });

  test('open() tells the file and how it is open; a descriptor of two files names neither', () => {
    const files = only(`${ATTACHED}openat(AT_FDCWD, "/srv/a b\\"c", O_WRONLY|O_CREAT|O_DIRECT|O_APPEND, 0644) = 3
open("/srv/r", O_RDONLY) = 4
openat(AT_FDCWD, "/srv/x", O_RDWR) = 5
openat(AT_FDCWD, "/srv/y", O_RDWR) = 5
openat(AT_FDCWD, "relative", O_RDWR) = 6
openat(AT_FDCWD, "/srv/none", O_RDWR) = -1 ENOENT (No such file or directory)`)?.files;
    expect([...(files ?? [])]).toEqual([
      [3, { path: '/srv/a b"c', mode: { reads: false, writes: true, direct: true, sync: false, append: true } }],
      [4, { path: '/srv/r', mode: { reads: true, writes: false, direct: false, sync: false, append: false } }],
    ]);
  });

  test('looks at other files are kept with what they told', () => {
    expect(
      only(`${ATTACHED}newfstatat(AT_FDCWD, "/srv/log.1", {st_mode=S_IFREG|0644, st_size=943718535, ...}, 0) = 0
rename("/srv/log", "/srv/log.1") = 0
stat("/srv/log.2", 0x7ffe) = -1 ENOENT (No such file or directory)`)?.looks,
    ).toEqual([
      { call: 'newfstatat', path: '/srv/log.1', bytes: 943_718_535 },
      { call: 'rename', path: '/srv/log.1' },
    ]);
  });
});
