import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseSuspect } from './suspect.ts';

const parse = (text: string, machine = 'x86_64') => parseSuspect(text, 18940, 132652, machine);
const suspectOf = (text: string) => parse(text).suspect;

const LOGGER = `why bytes,blocked
samples 20
status Uid:\t0\t0\t0\t0
status Threads:\t2
status VmRSS:\t  355740 kB
status VmSwap:\t       0 kB
cgroup 0::/system.slice/logger.service
parent 1200 bash
parent 1 systemd
thread 18940 1 3 16 0 python
thread 18941 0 20 0 0 python
call 17 18940 1 0x3 0x7f0f682e8010 0x12c0002c 0x0 0x0 0x0 0x7ffe 0x7f0f
call 2 18940 running
wchan 16 18940 balance_dirty_pages
stack 12 18940 balance_dirty_pages balance_dirty_pages_ratelimited generic_perform_write ksys_write
course 200D1 275R
fdescape b
fd 3 /tmp/log\\ test.txt
fd 4 /tmp/logtest.txt.1\\ (deleted)
fdinfo a 3 0 0102001 27 303
fdinfo b 3 117944320 0102001 27 303
fds 2 2
`;

describe('parseSuspect', () => {
  test('reads the whole of a logger that waits in a write()', () => {
    expect(parse(LOGGER)).toEqual({
      malformed: 0,
      suspect: {
        pid: 18940,
        startTicks: 132652,
        samples: 20,
        uid: 0,
        residentBytes: 355740 * 1024,
        swapBytes: 0,
        cgroup: { path: '/system.slice/logger.service', unit: 'logger.service' },
        parents: [
          { pid: 1200, command: 'bash' },
          { pid: 1, command: 'systemd' },
        ],
        blockedThreads: 1,
        course: [
          { atMs: 2000, state: 'waiting', call: 'write' },
          { atMs: 2750, state: 'running' },
        ],
        calls: [{ count: 17, value: { name: 'write', kind: 'write', fd: 3, lengthBytes: 314_572_844 } }],
        waits: [{ count: 16, value: 'balance_dirty_pages' }],
        stacks: [
          {
            count: 12,
            value: ['balance_dirty_pages', 'balance_dirty_pages_ratelimited', 'generic_perform_write', 'ksys_write'],
          },
        ],
        files: [
          {
            fd: 3,
            path: '/tmp/log test.txt',
            deleted: false,
            mode: { reads: false, writes: true, direct: false, sync: false, append: true },
            mountId: 27,
            movedBytes: 117944320,
          },
          { fd: 4, path: '/tmp/logtest.txt.1', deleted: true },
        ],
      },
    });
  });

  test('the time on a CPU is in nanoseconds; one that went back tells nothing', () => {
    expect(suspectOf('ran 4200000').ranMs).toBe(4.2);
    expect(parse('ran -5')).toMatchObject({ malformed: 0, suspect: { pid: 18940 } });
    expect(suspectOf('ran -5')).not.toHaveProperty('ranMs');
    expect(parse('ran much').malformed).toBe(1);
  });

  test('where ls has no -b, names are as printed: a backslash is a backslash', () => {
    expect(suspectOf('fdescape none\nfd 3 /tmp/a\\nb\n').files[0]?.path).toBe('/tmp/a\\nb');
  });

  test('3.10: no mnt_id, no inode; flags and position are there', () => {
    const { files } = suspectOf('fd 3 /var/log/messages\nfdinfo a 3 100 0102001 - -\nfdinfo b 3 350 0102001 - -\n');
    expect(files).toEqual([expect.objectContaining({ path: '/var/log/messages', movedBytes: 250 })]);
    expect(files[0]).not.toHaveProperty('mountId');
  });

  test('one look at a position is no movement, and one that went back is none', () => {
    expect(suspectOf('fd 3 /a\nfdinfo a 3 100 0100001 27 1\n').files[0]).not.toHaveProperty('movedBytes');
    const back = 'fd 3 /a\nfdinfo a 3 100 0100001 27 1\nfdinfo b 3 50 0100001 27 1\n';
    expect(suspectOf(back).files[0]).not.toHaveProperty('movedBytes');
  });

  test('a descriptor that stands for another file at the second look did not move', () => {
    const rotated = 'fd 3 /a\nfdinfo a 3 100 0100001 27 303\nfdinfo b 3 900 0100001 27 304\n';
    expect(suspectOf(rotated).files[0]).not.toHaveProperty('movedBytes');
  });

  test('what was not sent is absent', () => {
    const suspect = suspectOf('why new\n');
    for (const field of ['uid', 'residentBytes', 'swapBytes', 'cgroup']) expect(suspect).not.toHaveProperty(field);
    expect(suspect).toMatchObject({ samples: 0, files: [], calls: [] });
  });

  test('calls carry the names of the machine that they were made on', () => {
    const call = 'call 3 1 64 0x3 0x1 0x1000 0x0 0x0 0x0 0x1 0x1\n';
    expect(parse(call, 'aarch64').suspect.calls[0]?.value.name).toBe('write');
    expect(parse(call, 'unknown').suspect.calls[0]?.value).toEqual({ name: 'syscall 64', kind: 'other' });
  });

  test.each([
    'samples -1',
    'samples 1e3',
    'samples NaN',
    'call Infinity 1 1 0x3 0x1 0x1000',
    'call 1e308 1 1 0x3 0x1 0x1000',
    'call -1 1 1 0x3 0x1 0x1000',
    'call 0 1 1 0x3 0x1 0x1000',
    'call 1.5 1 1 0x3 0x1 0x1000',
    'call 0x10 1 1 0x3 0x1 0x1000',
    'wchan 1e3 1 io_schedule',
    'stack -1 1 io_schedule',
    'parent -1 init',
    'parent 0 swapper',
    'parent 1.5 init',
    'parent 1e300 init',
    'thread 1 2 3',
    'fd -1 /a',
    'fd 1e3 /a',
    'fd 9007199254740993 /a',
    'status 1',
    'unheard-of 1',
    ...HOSTILE_LINES,
  ])('%#: a malformed line is counted and leaves nothing behind', (line) => {
    const { suspect, malformed } = parse(`${line}\nfd 3 /ok\n`);
    expect(malformed).toBe(1);
    expect(suspect).toEqual({
      ...suspectOf('fd 3 /ok\n'),
    });
  });

  test('a flood of calls, stacks and files is cut off', () => {
    const flood = (line: (i: number) => string) => Array.from({ length: 5000 }, (_, i) => line(i)).join('\n');
    const { suspect } = parse(
      [
        flood((i) => `call 1 1 1 0x${i.toString(16)} 0x1 0x1000`),
        flood((i) => `stack 1 1 f${i}`),
        flood((i) => `wchan 1 1 w${i}`),
        flood((i) => `fd ${i} /f${i}`),
        flood((i) => `parent ${i + 1} p`),
      ].join('\n'),
    );
    expect(suspect.calls.length + suspect.stacks.length + suspect.waits.length).toBeLessThan(200);
    expect(suspect.files.length).toBeLessThan(1000);
    expect(suspect.parents).toHaveLength(4);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(
        almostLines(...LOGGER.split('\n'), 'call', 'fd', 'fdinfo a', 'parent', 'stack', 'status VmRSS:', 'samples'),
        (text) => {
          expect(badNumbersIn(parse(text))).toEqual([]);
        },
      ),
    );
  });
});
