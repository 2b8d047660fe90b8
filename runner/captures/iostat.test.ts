import { describe, expect, test } from 'vitest';
import { captureText, sectionOf } from '../../test/fixtures/read-capture.ts';
import { parseIostat } from './iostat.ts';

const iostat = (text: string) => parseIostat(sectionOf(text));
const disk = (text: string, device: string) =>
  iostat(text)
    .reports.at(-1)
    ?.disks.find((one) => one.device === device);

const MIB = 1024 ** 2;
const BANNER = 'Linux 3.10.0-957.el7.x86_64 (db-7)  07/02/2019  _x86_64_  (2 CPU)\n\n';
const OLD = `Device:         rrqm/s   wrqm/s     r/s     w/s    rMB/s    wMB/s avgrq-sz avgqu-sz   await r_await w_await  svctm  %util
sda               0.00     0.20    2.00  163.00     1.00    81.00  1010.19   142.74  866.47   97.60  871.17   6.08 100.00`;

describe('parseIostat', () => {
  test('sysstat 12: reports of intervals with flushes and discards, the average since boot left out', () => {
    const { reports, limits } = iostat(captureText('iostat-12.6'));
    expect(limits).toEqual([]);
    expect(reports.map(({ clock }) => clock)).toEqual([66_741, 66_742]);
    expect(reports[0]?.disks.map(({ device }) => device)).toEqual(['loop0', 'vda']);
    expect(reports[0]?.disks[1]).toMatchObject({
      elapsedMs: 1000,
      reads: 706,
      readBytes: 7568 * 1024,
      readMs: expect.closeTo(706 * 0.51, 6),
      writes: 60,
      writeBytes: 47_088 * 1024,
      ioMs: 52,
      weightedMs: 390,
      discards: 13,
      flushes: 16,
    });
  });

  test('--human: figures with units are bytes', () => {
    expect(disk(captureText('iostat-12.6-human'), 'vda')).toMatchObject({ writeBytes: 46 * MIB, readBytes: 7.4 * MIB });
  });

  test('sysstat 10: MB a second, one await, avgqu-sz', () => {
    expect(disk(OLD, 'sda')).toMatchObject({ writeBytes: 81 * MIB, writeMs: 163 * 871.17, weightedMs: 142_740 });
  });

  test('sysstat 9: sectors, and one await for both ways', () => {
    const text = `$ iostat -x 1
Device:         rrqm/s   wrqm/s     r/s     w/s   rsec/s   wsec/s avgrq-sz avgqu-sz   await  svctm  %util
sda               6.00   273.00   99.00    7.00  2240.00  2240.00    42.26     1.12   10.57   7.96  84.40`;
    expect(disk(text, 'sda')).toMatchObject({ readBytes: 2240 * 512, readMs: 99 * 10.57, writeMs: 7 * 10.57 });
  });

  test('a comma for the point, and the device at the end of the line', () => {
    const text = `    r/s   w/s  rkB/s   wkB/s  r_await w_await  aqu-sz  %util Device
   0,00  64,00   0,00  32768,00  0,00  7270,44 1102,18  99,20 sda`;
    expect(disk(text, 'sda')).toMatchObject({ writes: 64, writeBytes: 32 * MIB, weightedMs: 1_102_180 });
  });

  test('lines that somebody broke are put together', () => {
    const broken = OLD.replace(' avgrq-sz', '\navgrq-sz').replace('  1010.19', '\n1010.19');
    expect(iostat(broken)).toEqual(iostat(OLD));
  });

  test('rates times the interval of the call, or of the clocks of -t', () => {
    expect(disk(`$ iostat -xd 5\n${OLD}`, 'sda')).toMatchObject({ elapsedMs: 5000, writes: 815, ioMs: 5000 });
    const clocks = `${BANNER}07/02/2019 11:59:50 PM\n${OLD}\n\n07/02/2019 11:59:52 PM\n${OLD}\n\n07/02/2019 11:59:54 PM\n${OLD}`;
    expect(disk(clocks, 'sda')).toMatchObject({ elapsedMs: 2000 });
    expect(disk(`${BANNER}${OLD}\n${OLD}`, 'sda')).toMatchObject({ elapsedMs: 1000 });
  });

  test('the average since boot alone judges nothing, and says so; -y has none', () => {
    expect(iostat(BANNER + OLD)).toMatchObject({ reports: [], limits: [expect.stringContaining('since boot')] });
    expect(iostat(BANNER + OLD).limits[0]).toMatch(/^capture\.txt, line 3: .*iostat -x 1 3/);
    for (const words of ['', '-x', '-x 1 1', '-xp sda'])
      expect(iostat(`$ iostat ${words}\n${OLD}`).reports, words).toEqual([]);
    expect(iostat(`$ iostat -x 1\n${OLD}`).reports).toHaveLength(1);
    expect(iostat(`$ iostat -xy 1 1\n${BANNER}${OLD}`).reports).toHaveLength(1);
    expect(iostat(OLD)).toMatchObject({
      reports: [{}],
      limits: [expect.stringContaining('taken for that of an interval')],
    });
  });

  test('busy without a completed request has one in flight, whatever the queue says', () => {
    const stuck = (queue: string) =>
      OLD.replace('    2.00  163.00     1.00    81.00', '    0.00    0.00     0.00     0.00').replace('142.74', queue);
    expect(disk(stuck('42.00'), 'sda')).toMatchObject({ inFlight: 42, reads: 0, writes: 0 });
    expect(disk(stuck('0.00'), 'sda')).toMatchObject({ inFlight: 1 });
    expect(disk(stuck('0.00').replace('100.00', '3.00'), 'sda')).toMatchObject({ inFlight: 0 });
  });

  test('without -x, or with a column missing, it says where and why it is left out', () => {
    expect(iostat('\nDevice  tps  kB_read/s  kB_wrtn/s\nsda  1.00  2.00  3.00')).toMatchObject({
      reports: [],
      limits: [expect.stringMatching(/^capture\.txt, line 2: iostat without -x/)],
    });
    expect(iostat('Device  r/s  rkB/s  %util\nsda  1.00  2.00  3.00').limits).toEqual([
      'capture.txt, line 1: iostat has no column w/s: it is left out',
    ]);
    expect(iostat(`${OLD}\nsdb   what   is   this`).limits.join('\n')).toMatch(/line 3: this row .* does not fit/);
  });

  test('knows whether it was asked for some devices only', () => {
    expect(iostat(`$ iostat -x sda 1\n${OLD}`).isPicked).toBe(true);
    expect(iostat(`$ iostat -xp sda 1\n${OLD}`).isPicked).toBe(true);
    expect(iostat(`$ iostat -x -d 1\n${OLD}`).isPicked).toBe(false);
  });
});
