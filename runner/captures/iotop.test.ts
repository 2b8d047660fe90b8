import { expect, test } from 'vitest';
import { captureText, sectionOf } from '../../test/fixtures/read-capture.ts';
import { parseIotop } from './iotop.ts';

test('iotop 1.23: the first screen, which covers no interval, is left out', () => {
  expect(parseIotop(sectionOf(captureText('iotop-1.23')))).toEqual([
    [{ pid: 32557, command: 'python3', bytes: { read: 0, written: 47.1 * 1024 ** 2, cancelled: 0 } }],
  ]);
});

test('iotop 0.6 with -t: shares that are unavailable, kernel threads in brackets, command lines without their arguments', () => {
  const text = `15:00:01 Total DISK READ :       0.00 B/s | Total DISK WRITE :      44.80 M/s
    TIME  TID  PRIO  USER     DISK READ  DISK WRITE  SWAPIN      IO    COMMAND
15:00:01   354 be/3 root        0.00 B/s   12.00 K/s ?unavailable?  [jbd2/sda1-8]
15:00:01 18940 be/4 root        1.00 B/s   44.00 M/s  0.00 % 96.00 % /usr/bin/python log.py --token hunter2`;
  expect(parseIotop(sectionOf(text))).toEqual([
    [
      { pid: 354, command: 'jbd2/sda1-8', bytes: { read: 0, written: 12_288, cancelled: 0 } },
      { pid: 18940, command: 'python', bytes: { read: 1, written: 44 * 1024 ** 2, cancelled: 0 } },
    ],
  ]);
});
