import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseProcesses, unescapeCommand } from './processes.ts';

const writer = '18940 1 132652 p D 7 4194304 3 10 47104000 5 46 4096 47104000 0 python';

describe('parseProcesses', () => {
  test('a pair over the window', () => {
    expect(parseProcesses(`${writer}\n`)).toEqual({
      processes: [
        {
          pid: 18940,
          parentPid: 1,
          startTicks: 132652,
          seen: 'pair',
          state: 'D',
          blockedSamples: 7,
          isKernelThread: false,
          command: 'python',
          io: {
            readChars: 10,
            writtenChars: 47104000,
            readCalls: 5,
            writeCalls: 46,
            readBytes: 4096,
            writtenBytes: 47104000,
            cancelledBytes: 0,
          },
        },
      ],
      rest: [],
      malformed: 0,
    });
  });

  test('PF_KTHREAD of the flags makes a carrier', () => {
    const [kworker] = parseProcesses('354 2 88 p D 3 2129984 1 0 0 0 0 0 4096 0 jbd2/sda1-8').processes;
    expect(kworker).toMatchObject({ isKernelThread: true, command: 'jbd2/sda1-8' });
  });

  test('a process whose io is unreadable has none, not zeros', () => {
    const [process] = parseProcesses('7 1 88 x S 0 4194304 1 - - - - - - - nginx').processes;
    expect(process).toMatchObject({ seen: 'unreadable', command: 'nginx' });
    expect(process).not.toHaveProperty('io');
  });

  test('parent, start, flags and state may be unknown', () => {
    const [process] = parseProcesses('7 - - g - 0 - - 1 2 3 4 5 6 7 gone').processes;
    expect(process).toMatchObject({ pid: 7, seen: 'gone', isKernelThread: false, io: { cancelledBytes: 7 } });
    for (const field of ['parentPid', 'startTicks', 'state']) expect(process).not.toHaveProperty(field);
  });

  test('a counter that went backwards has no rate, the process stays', () => {
    const [process] = parseProcesses(writer.replace('47104000 0 python', '-47104000 0 python')).processes;
    expect(process?.pid).toBe(18940);
    expect(process).not.toHaveProperty('io');
  });

  test.each([
    ['a space and a parenthesis', 'tmux: server) R 1', 'tmux: server) R 1'],
    ['a newline', 'a\\nb', 'a\nb'],
    ['a backslash', 'a\\\\nb', 'a\\nb'],
    ['escape sequences', '\u001b[2J\u202eevil', '\u001b[2J\u202eevil'],
    ['a spreadsheet formula', '=cmd|x', '=cmd|x'],
    ['an object key', '__proto__', '__proto__'],
    ['nothing', '', ''],
  ])('a name that holds %s is kept as data', (_, sent, name) => {
    const { processes, malformed } = parseProcesses(writer.replace('python', () => sent));
    expect(malformed).toBe(0);
    expect(processes[0]?.command).toBe(name);
  });

  test('sums of many small processes; their pid is not known', () => {
    expect(parseProcesses('+ 50 1200 4096 81920 0 10 20 sh\n+ 900 - 1 2 3 4 5 *\n').rest).toEqual([
      { count: 50, parentPid: 1200, command: 'sh', readBytes: 4096, writtenBytes: 81920, cancelledBytes: 0 },
      { count: 900, command: '*', readBytes: 1, writtenBytes: 2, cancelledBytes: 3 },
    ]);
  });

  test.each([
    writer.replace('18940', '0'),
    writer.replace('18940', '-1'),
    writer.replace('18940', '1e3'),
    writer.replace('18940', 'NaN'),
    writer.replace(' p ', ' q '),
    writer.replace(' 4096 ', ' NaN '),
    writer.replace(' 4096 ', ' 1e3 '),
    writer.replace(' 4096 ', ' 18446744073709551616 '),
    writer.replace(' 4096 ', ' - '),
    writer.replace(' D 7 ', ' D -7 '),
    '+ -1 1 1 1 1 1 1 sh',
    '+ 1 1 1 1 -1 1 1 sh',
    '+ 1 1 NaN 1 1 1 1 sh',
    ...HOSTILE_LINES,
  ])('%#: a malformed line is counted and the others are kept', (line) => {
    const { processes, rest, malformed } = parseProcesses(`${line}\n8 1 9 n R 0 0 1 1 1 1 1 1 1 1 ok\n`);
    expect(malformed).toBe(1);
    expect(processes.map(({ pid }) => pid)).toEqual([8]);
    expect(rest).toEqual([]);
  });

  test('a flood of processes is cut off and counted', () => {
    const { processes, malformed } = parseProcesses(`${writer}\n`.repeat(10_000));
    expect(processes.length).toBeLessThan(1000);
    expect(processes.length + malformed).toBe(10_000);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('7 1 88 p D 3', '4194304 1', '1 2 3 4 5 6 7', '+ 50 1200', writer), (text) => {
        expect(badNumbersIn(parseProcesses(text))).toEqual([]);
      }),
    );
  });
});

test('a name longer than any that the kernel gives is cut', () => {
  expect(unescapeCommand('x'.repeat(100_000))).toHaveLength(64);
});
