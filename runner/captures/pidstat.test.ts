import { describe, expect, test } from 'vitest';
import { captureText, sectionOf } from '../../test/fixtures/read-capture.ts';
import { parsePidstat } from './pidstat.ts';

const pidstat = (text: string) => parsePidstat(sectionOf(text));
const KIB = 1024;

describe('parsePidstat', () => {
  test('sysstat 12: a report for each interval, without the averages at the end', () => {
    const { reports, clock, limits } = pidstat(captureText('pidstat-12.6'));
    expect(limits).toEqual([]);
    expect(clock).toBe(66_743);
    expect(reports.map((rows) => rows.length)).toEqual([5, 4, 3]);
    expect(reports[0]?.at(-1)).toEqual({
      pid: 32557,
      uid: 0,
      command: 'python3',
      bytes: { read: 0, written: 46_475.25 * KIB, cancelled: 0 },
      delayTicks: 0,
    });
  });

  test('-h: the "#" before the titles has no place in the rows', () => {
    expect(pidstat(captureText('pidstat-12.6-h')).reports[0]?.at(-1)).toMatchObject({ pid: 32557, command: 'python3' });
  });

  test('-t -l: threads are left to their process, and of command lines only the name is kept', () => {
    const { reports } = pidstat(captureText('pidstat-12.6-tl'));
    expect(reports.map((rows) => rows.map(({ pid, command }) => [pid, command]))).toEqual([
      [[32557, 'python3']],
      [[32557, 'python3']],
    ]);
    expect(JSON.stringify(reports)).not.toContain('hunter2');
  });

  test('sysstat 9 and 10: no iodelay, no UID, and a clock of twelve hours', () => {
    const text = `# pidstat -d 5
11:19:41 PM       PID   kB_rd/s   kB_wr/s kB_ccwr/s  Command
11:19:46 PM      1895      0.00     23.06      0.00  kjournald
11:19:46 PM      7309      0.00      0.80      4.00  my daemon

11:19:46 PM       PID   kB_rd/s   kB_wr/s kB_ccwr/s  Command
11:19:51 PM     18208      0.00      0.80      0.00  syslog-ng`;
    const { reports, clock } = pidstat(text);
    expect(clock).toBe(23 * 3600 + 19 * 60 + 51);
    expect(reports).toEqual([
      [
        { pid: 1895, command: 'kjournald', bytes: { read: 0, written: 23.06 * KIB, cancelled: 0 } },
        { pid: 7309, command: 'my daemon', bytes: { read: 0, written: 0.8 * KIB, cancelled: 4 * KIB } },
      ],
      [{ pid: 18208, command: 'syslog-ng', bytes: { read: 0, written: 0.8 * KIB, cancelled: 0 } }],
    ]);
  });

  test('rows below one line of titles are of as many reports as there are times', () => {
    const text = `05:40:59 PM   UID       PID   kB_rd/s   kB_wr/s kB_ccwr/s iodelay  Command
05:41:00 PM     0      8576      0.00   2444.00      0.00       0  agent
05:41:01 PM     0      8576      0.00   2436.00      0.00       7  agent`;
    expect(pidstat(text).reports.map(([row]) => row?.delayTicks)).toEqual([0, 7]);
  });

  test('columns of other reports may stand beside them', () => {
    const text = `#      Time   UID       PID    %usr %system  %CPU   CPU  minflt/s   kB_rd/s   kB_wr/s kB_ccwr/s  Command
 1562110313     0      21125    0.00    0.00  0.00     1     42.72      0.00      8.00      0.00  /bin/bash /root/x.sh secret`;
    expect(pidstat(text).reports).toEqual([
      [{ pid: 21125, uid: 0, command: 'bash', bytes: { read: 0, written: 8192, cancelled: 0 } }],
    ]);
  });

  test('-1 is what the caller was not allowed to read: absent, not zero', () => {
    const text = `10:00:00  UID  PID  kB_rd/s  kB_wr/s kB_ccwr/s iodelay  Command
10:00:01    0  700    -1.00    -1.00     -1.00      12  mysqld`;
    expect(pidstat(text).reports).toEqual([[{ pid: 700, uid: 0, command: 'mysqld', delayTicks: 12 }]]);
  });

  test('averages since boot, and reports without reads and writes, are left out, which is said', () => {
    const boot = `10:30:14 PM   UID       PID   kB_rd/s   kB_wr/s kB_ccwr/s iodelay  Command
10:30:14 PM     0         1     29.68     52.61      0.88       0  systemd`;
    expect(pidstat(boot)).toMatchObject({ reports: [], limits: [expect.stringMatching(/line 2: .*since boot/)] });
    const cpu = `10:30:14  UID  PID  %usr %system  %CPU  CPU  Command\n10:30:15  0  1  1.00  1.00  2.00  0  systemd`;
    expect(pidstat(cpu)).toMatchObject({ reports: [], limits: [expect.stringMatching(/line 1: pidstat without -d/)] });
  });
});
