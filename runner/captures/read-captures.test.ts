import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureText } from '../../test/fixtures/read-capture.ts';
import { type CapturesRead, readCaptures } from './read-captures.ts';

const CASE = Object.fromEntries(
  ['top', 'iostat', 'pidstat', 'strace', 'lsof'].map((tool) => [
    tool,
    readFileSync(new URL(`../../test/case/${tool}.txt`, import.meta.url), 'utf8'),
  ]),
) as Record<'top' | 'iostat' | 'pidstat' | 'strace' | 'lsof', string>;

const read = (...texts: string[]): CapturesRead => readCaptures(texts.map((text, i) => ({ file: `${i}.txt`, text })));

function finding(...texts: string[]) {
  const found = read(...texts);
  if (found.kind === 'problems') throw new Error(found.problems.join());
  return found.finding;
}
const without = (...tools: string[]) =>
  finding(...Object.entries(CASE).flatMap(([tool, text]) => (tools.includes(tool) ? [] : [text])));

/** A saturated disk, as iostat shows it. */
const SATURATED = `$ iostat -xdy 1 1
Device  r/s  w/s  rkB/s  wkB/s  r_await w_await  aqu-sz  %util
sda  0.00  64.00  0.00  32768.00  0.00  7270.44 1102.18  99.20
`;
const pidstat = (...rows: string[]) =>
  `$ pidstat -d 1\n10:00:00  UID  PID  kB_rd/s  kB_wr/s kB_ccwr/s iodelay  Command\n${rows.map((row) => `10:00:01 ${row}`).join('\n')}\n`;

describe('any of the captures may be missing', () => {
  test('without top the conclusion is the same', () => {
    expect(without('top').summary).toBe(without().summary);
    expect(without('top').limits).toContainEqual(expect.stringMatching(/^no top /));
  });

  test('without iostat no disk is judged, and who moves most is a lead, not a culprit', () => {
    const { verdict, disks, explanations, limits } = without('iostat');
    expect({ verdict, disks }).toEqual({ verdict: 'inconclusive', disks: [] });
    expect(explanations).toEqual([
      { kind: 'lead', summary: expect.stringMatching(/^python 18940 .*iostat -x/), evidence: [expect.any(String)] },
    ]);
    expect(limits).toContainEqual(expect.stringMatching(/^no iostat -x /));
  });

  test('without pidstat nobody is named, and what was traced is a lead', () => {
    const { verdict, disks, summary, explanations } = without('pidstat');
    expect(verdict).toBe('saturated');
    expect(disks[0]).toMatchObject({ device: 'sda', culprits: [], unexplainedShare: 1 });
    expect(summary).toMatch(/without pidstat -d nobody can be named/);
    expect(explanations).toMatchObject([
      { kind: 'lead', evidence: ['process 18940: write(fd 3, 314,572,844 bytes), which is /tmp/logtest.txt (strace)'] },
    ]);
  });

  test('without strace it is less sure, and no size is told', () => {
    const [culprit] = without('strace').disks[0]?.culprits ?? [];
    expect(culprit).toMatchObject({ pid: 18940, confidence: 'medium', files: [{ path: '/tmp/logtest.txt' }] });
    expect(culprit).not.toHaveProperty('ioSizeBytes');
  });

  test('without lsof it is less sure, and no file is named', () => {
    const { disks, summary } = without('lsof');
    expect(disks[0]?.culprits).toMatchObject([{ pid: 18940, confidence: 'medium', files: [] }]);
    expect(summary).not.toContain('/tmp');
    expect(disks[0]?.culprits[0]?.evidence).toContainEqual(expect.stringMatching(/what fd 3 is, no capture says/));
  });

  test('each one alone gives a finding', () => {
    for (const [tool, text] of Object.entries(CASE)) {
      const { verdict, limits } = finding(text);
      expect(verdict, tool).toBe(tool === 'iostat' ? 'saturated' : 'inconclusive');
      expect(limits.filter((limit) => limit.startsWith('no ')).length, tool).toBe(4);
    }
  });
});

describe('nobody is named on thin evidence', () => {
  test('a top writer that was neither traced nor seen to wait', () => {
    const { disks, summary } = finding(SATURATED, pidstat('0 700 0.00 46000.00 0.00 0 dd'));
    expect(disks[0]?.culprits).toEqual([]);
    expect(summary).not.toContain('dd');
  });

  test('a top writer whose file is on another disk', () => {
    const two = `${SATURATED}sdb  0.00  90.00  0.00  46000.00  0.00  0.50 0.05  5.00\n`;
    const lsof = 'dd  700 root  3w  REG  8,17  117944320  303  /data/x\n';
    const strace = 'strace: Process 700 attached\nwrite(3, "x"..., 1048576) = 1048576\n'.repeat(4);
    expect(finding(two, pidstat('0 700 0.00 46000.00 0.00 3 dd'), lsof, strace).disks[0]).toMatchObject({
      device: 'sda',
      culprits: [],
    });
  });

  test('what was written and taken back before it reached the disk', () => {
    const { disks } = finding(SATURATED, pidstat('0 700 0.00 46000.00 46000.00 3 dd'));
    expect(disks[0]).toMatchObject({ culprits: [], unexplainedShare: 1 });
  });

  test('a kernel thread carries, but a program that takes the name of one does not', () => {
    const rows = pidstat('0 700 0.00 46000.00 0.00 90 kworker/u4:2');
    expect(finding(SATURATED, rows).disks[0]).toMatchObject({ culprits: [], carriers: [{ pid: 700 }] });
    const top = `top - 10:00:00 up 1 day
  PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND
  700 eve       20   0  656108 355740   5236 D   6.3  4.4   0:12.56 kworker/u4:2`;
    expect(finding(SATURATED, rows, top).disks[0]).toMatchObject({
      carriers: [],
      culprits: [{ pid: 700 }],
    });
  });

  test('processes that pidstat could not read are told of, and may be it', () => {
    const { privilege, summary, limits } = finding(SATURATED, pidstat('0 700 -1.00 -1.00 -1.00 90 mysqld'));
    expect(privilege).toBe('user');
    expect(summary).toMatch(/not visible to the user who ran pidstat.*mysqld 700/);
    expect(limits).toContainEqual(expect.stringMatching(/^1 processes unreadable: pidstat was not run as root/));
  });

  test('high confidence is not had of iostat and pidstat that were run at different times', () => {
    const timed = (clock: string) =>
      `Linux 5.10.0 (db-7) 11/28/26 _x86_64_ (2 CPU)\n\n11/28/26 ${clock}\n${SATURATED.replace(/^.*\n/, '')}\n11/28/26 ${clock}\n${SATURATED.replace(/^.*\n/, '')}`;
    const confidence = (clock: string) =>
      finding(timed(clock), CASE.pidstat, CASE.strace, CASE.lsof).disks[0]?.culprits[0];
    expect(confidence('15:05:00')).toMatchObject({ confidence: 'high' });
    expect(confidence('14:05:00')).toMatchObject({
      confidence: 'medium',
      evidence: expect.arrayContaining([
        expect.stringMatching(/^not sure: iostat and pidstat were run 63\.6 min apart/),
      ]),
    });
  });

  test('who was traced in fsync() is the one that flushes the disk only if it calls often enough', () => {
    const flushed = `$ iostat -xdy 1 1
Device  r/s  w/s  rkB/s  wkB/s  r_await w_await  f/s  f_await  aqu-sz  %util
sda  0.00  800.00  0.00  3200.00  0.00  40.00  400.00  2.00  32.00  99.20
`;
    const rows = pidstat('0 700 0.00 1600.00 0.00 3 postgres', '0 701 0.00 1600.00 0.00 3 other');
    const lsof = 'postgres  700 root  3w  REG  8,1  117944320  303  /data/wal\n';
    const traced = (stepMs: number, withTimes = true) =>
      `strace: Process 700 attached\n${Array.from({ length: 20 }, (_, i) => `${withTimes ? `10:00:0${((i * stepMs) / 1000).toFixed(6)} ` : ''}fsync(3) = 0`).join('\n')}\n`;
    expect(finding(flushed, rows, lsof, traced(4)).disks[0]).toMatchObject({
      verdict: 'saturated',
      culprits: [{ pid: 700, shareOf: 'flushes', activity: 'fsync', files: [{ path: '/data/wal' }] }],
    });
    expect(finding(flushed, rows, lsof, traced(2)).disks[0]?.culprits[0]).toMatchObject({ confidence: 'high' });
    expect(finding(flushed, rows, lsof, traced(8)).disks[0]?.culprits[0]).toMatchObject({ confidence: 'medium' });
    for (const [strace, why] of [
      [traced(400), /700 flushes too seldom/],
      [traced(4, false), /trace with -tt/],
    ] as const) {
      const { disks, limits } = finding(flushed, rows, lsof, strace);
      expect(disks[0]?.culprits.filter(({ shareOf }) => shareOf === 'flushes')).toEqual([]);
      expect(disks[0]?.culprits.filter(({ confidence }) => confidence !== 'low')).toEqual([]);
      expect(limits).toContainEqual(expect.stringMatching(why));
    }
  });

  test('a path of which only strace knows is on the only disk, if there is only one, and never surely', () => {
    const strace = CASE.strace.replaceAll('write(3,', 'write(3</tmp/logtest.txt>,');
    const [culprit] = finding(SATURATED, CASE.pidstat, strace).disks[0]?.culprits ?? [];
    expect(culprit).toMatchObject({ pid: 18940, confidence: 'medium', files: [{ path: '/tmp/logtest.txt', fd: 3 }] });
    expect(culprit?.evidence.join()).toMatch(/not sure: that \/tmp\/logtest\.txt is on sda is inferred/);
    const two = finding(CASE.iostat, CASE.pidstat, strace).disks[0]?.culprits ?? [];
    expect(two.flatMap(({ files }) => files)).toEqual([]);
  });
});

describe('the disk', () => {
  const BANNER = 'Linux 2.6.32.36xen (host1.example.com) \t02/15/2016 \t_x86_64_\t(8 CPU)\n\n';
  const TITLES =
    'Device:         rrqm/s   wrqm/s     r/s     w/s    rMB/s    wMB/s avgrq-sz avgqu-sz   await r_await w_await  svctm  %util\n';
  const STUCK = `${TITLES}sdl               0.00     0.00    0.00    0.00     0.00     0.00     0.00    42.00    0.00    0.00    0.00   0.00 100.00\n`;
  const BOOT = `${TITLES}sdl               0.19    54.14    3.40    6.05     0.26     0.24   107.94     0.01    3.78    5.50    2.82   3.83   3.62\n`;

  test('that completes nothing for three reports of a second hangs', () => {
    expect(finding(BANNER + BOOT + STUCK.repeat(3))).toMatchObject({ verdict: 'hung', disks: [{ device: 'sdl' }] });
    expect(finding(BANNER + BOOT + STUCK).verdict).toBe('inconclusive');
  });

  test('is not judged by the average since boot', () => {
    expect(read(BANNER + BOOT)).toMatchObject({ kind: 'problems', problems: [expect.stringMatching(/since boot/)] });
    expect(finding(BANNER + BOOT, CASE.pidstat)).toMatchObject({ verdict: 'inconclusive', disks: [] });
  });

  test('is not blamed twice with the layer that stands on it, through which its files are found', () => {
    const layered = `${SATURATED}dm-0  0.00  64.00  0.00  32768.00  0.00  7270.44 1102.18  99.20\n`;
    const lsof = CASE.lsof.replace('8,1 ', '253,0 ');
    const { disks } = finding(layered, CASE.pidstat, CASE.strace, lsof);
    expect(disks.map(({ device, stack }) => [device, stack])).toEqual([['sda', ['dm-0']]]);
    expect(disks[0]?.culprits).toMatchObject([
      { pid: 18940, confidence: 'high', files: [{ path: '/tmp/logtest.txt' }] },
    ]);
  });

  test('is found among several by the figures of its layer, which is a guess', () => {
    const layered = `${SATURATED}sdb  0.00  1.00  0.00  8.00  0.00  0.50 0.01  0.10\ndm-0  0.00  64.00  0.00  32768.00  0.00  7270.44 1102.18  99.20\n`;
    const { disks, limits } = finding(layered, CASE.pidstat, CASE.strace, CASE.lsof.replace('8,1 ', '253,0 '));
    expect(disks.map(({ device, verdict }) => [device, verdict])).toEqual([
      ['sda', 'saturated'],
      ['sdb', 'healthy'],
    ]);
    expect(disks[0]?.culprits[0]).toMatchObject({ pid: 18940, confidence: 'medium' });
    expect(limits).toContainEqual(expect.stringMatching(/dm-0 on sda/));
  });

  test('has its partitions counted into it', () => {
    const parts = `${SATURATED}sda1  0.00  64.00  0.00  32768.00  0.00  7270.44 1102.18  99.20\n`;
    expect(finding(parts).disks.map(({ device }) => device)).toEqual(['sda']);
  });
});

describe('what is not understood', () => {
  test('names the file and what is known', () => {
    expect(
      readCaptures([
        { file: 'notes.md', text: '# Notes\nhello' },
        { file: 'top.txt', text: CASE.top },
      ]),
    ).toEqual({
      kind: 'problems',
      problems: [
        'notes.md: this is not the output of a tool that is known here: top, iostat -x, pidstat -d, strace, lsof -p, iotop -b',
      ],
    });
    expect(read('  \n\n')).toEqual({ kind: 'problems', problems: ['0.txt is empty'] });
  });

  test('two hosts are refused, with the lines that name them', () => {
    const other = captureText('pidstat-12.6').replace('(vm)', '(db-8)');
    expect(read(captureText('iostat-12.6'), other)).toMatchObject({
      problems: [expect.stringMatching(/of two hosts, vm \(0\.txt, line 1\) and db-8 \(1\.txt, line 1\)/)],
    });
    expect(read(captureText('iostat-12.6'), other.replace('(db-8)', '(VM.example.org)'))).toMatchObject({ host: 'vm' });
  });
});

test('what was recorded here: a host whose disk is fine', () => {
  const names = ['top-4.0', 'iostat-12.6', 'pidstat-12.6', 'strace-6.1-y', 'lsof-4.95'];
  const found = read(...names.map(captureText));
  expect(found).toMatchObject({
    kind: 'read',
    host: 'vm',
    isWhole: true,
    windowMs: 2000,
    finding: { verdict: 'healthy' },
  });
});

describe('hostile text', () => {
  const PIECES = [...Object.values(CASE), captureText('strace-6.1-y'), captureText('iotop-1.23')].flatMap((text) =>
    text.split('\n'),
  );
  const line = fc.oneof(
    fc.constantFrom(...PIECES),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(fc.constantFrom(...PIECES), fc.nat(80), fc.string({ maxLength: 5 }))
      .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + more.length)),
  );

  test('never throws, and gives a finding or a reason', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const found = read(lines.join('\n'));
        if (found.kind === 'problems') expect(found.problems.length).toBeGreaterThan(0);
        else expect(found.finding.limits.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('of very many lines is read in part, which is said', () => {
    expect(finding(`${CASE.top}${'x\n'.repeat(500_000)}`).limits.at(-1)).toBe(
      '0.txt: the first 500,000 lines were read',
    );
  });

  test('is read to its end, however long its lines are', () => {
    const long = 200_000;
    for (const text of [
      `write(3, ${')'.repeat(long)}`,
      `strace: Process 7 attached\nwrite(3, ${') = '.repeat(long / 4)}`,
      `${'1:'.repeat(long / 2)} write(`,
      `strace: Process 7 attached\nwrite(3, ${')  = 1<'.repeat(long)}`,
      `$ ${'a='.repeat(long / 2)}`,
      `PID ${'kB_rd/s PID '.repeat(long / 12)}`,
      `%Cpu0 : ${'1 '.repeat(long / 2)}`,
      `top - 1\nKiB Mem : ${'1'.repeat(long)}`,
      `Device r/s w/s %util\n${'1 '.repeat(long / 2)}`,
      `COMMAND PID USER FD TYPE DEVICE\n${'a 1 '.repeat(long / 4)}`,
      `$ lsof -p 1\na 1 u 1u REG 8,1 1 1 / (${'a:/'.repeat(long)}`,
      `$ pidstat -d 1\n${'a '.repeat(long * 20)}`,
      `Total DISK READ :\n${'1 '.repeat(long / 2)}`,
      `\u001b[${';'.repeat(long)}`,
      'a\n'.repeat(long),
    ]) {
      expect(read(text).kind, text.slice(0, 30)).toMatch(/read|problems/);
    }
    // A quadratic scan of one of them takes minutes.
  }, 60_000);

  test('of very many threads and devices is read to its end', () => {
    const threads = Array.from({ length: 150_000 }, (_, i) => `[pid ${i + 2}] write(3, "", 1) = 1`);
    expect(read(`strace: Process 1 attached\n${threads.join('\n')}`).kind).toBe('read');
    const devices = Array.from({ length: 50_000 }, (_, i) => `${i % 2 === 0 ? `dm-${i}` : `nvme${i}n1`} 1 1 9`);
    const reports = Array.from(
      { length: 100 },
      (_, i) => `Device r/s w/s %util\n${devices.slice(i * 500, i * 500 + 500).join('\n')}`,
    );
    expect(read(`$ iostat -x 1\n${reports.join('\n')}`).kind).toBe('read');
    // What one does for each of the others takes minutes.
  }, 60_000);

  test('of a line that is longer than is read keeps what it begins and ends with', () => {
    const traced = `strace: Process 7 attached\nwrite(3, "${'x'.repeat(3_000_000)}", 3000000) = 3000000\n`;
    expect(finding(traced).explanations[0]?.evidence).toEqual([
      expect.stringContaining('write(fd 3, 3,000,000 bytes)'),
    ]);
  });
});
