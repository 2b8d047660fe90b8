import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWER, type Answer, answer, framesOf } from '../test/bundle-answer.ts';
import { badNumbersIn, HOSTILE_LINES } from '../test/hostile-lines.ts';
import { type Capture, captureOf } from './capture.ts';
import { findingSchema } from './triage/finding.ts';
import { triage } from './triage/triage.ts';

function capture(changes: Readonly<Record<string, string | undefined>> = {}): Capture {
  const found = captureOf(framesOf(answer(changes)));
  if (!found) throw new Error('no capture');
  return found;
}
const samplesOf = (changes: Readonly<Record<string, string | undefined>> = {}) => capture(changes).samples;
const diskOf = (changes: Readonly<Record<string, string | undefined>>, device = 'sda') =>
  samplesOf(changes).disks.find((disk) => disk.device === device);

describe('captureOf', () => {
  test('a whole answer becomes samples', () => {
    const { samples, hostCpuMs } = capture();
    expect(samples).toMatchObject({
      privilege: 'root',
      kernel: '5.10.0-21-amd64',
      processWindowMs: 5000,
      pressure: { ioSomeShare: 0.9 },
      swap: { inPagesPerSecond: 100, outPagesPerSecond: 200 },
      processes: [{ pid: 100, command: 'python' }],
      suspects: [{ pid: 100, uid: 1000, user: 'logger', program: 'logtest.py', files: [{ path: '/var/log/app.log' }] }],
      limits: [],
    });
    expect(samples.meminfo?.get('Dirty')).toBe(900 * 1024);
    expect(samples.cpu?.end).toHaveLength(1);
    expect(hostCpuMs).toBe(105);
  });

  test('rates come from the two samples; what the second leaves out did nothing', () => {
    expect(diskOf({})).toMatchObject({
      elapsedMs: 5000,
      reads: 0,
      writes: 200,
      writeBytes: 100 * 1024 * 1024,
      inFlight: 40,
    });
    expect(diskOf({}, 'sdb')).toMatchObject({ reads: 0, writes: 0, ioMs: 0 });
  });

  test('the frames of ticks are one timeline', () => {
    expect(
      samplesOf()
        .ticks.get('sda')
        ?.map(({ atMs }) => atMs),
    ).toEqual([1000, 2000, 3000, 4000]);
  });

  test('the answer leads to the logger', () => {
    const finding = triage(samplesOf());
    expect(finding.disks[0]).toMatchObject({
      device: 'sda',
      verdict: 'saturated',
      culprits: [{ pid: 100, user: 'logger', program: 'logtest.py', share: 1, confidence: 'high' }],
    });
  });

  test('without the greeting there is nothing to judge by', () => {
    expect(captureOf([])).toBeUndefined();
    expect(captureOf(framesOf(answer({ hello: undefined })))).toBeUndefined();
  });

  test('kinds that are not known are ignored', () => {
    expect(samplesOf({ future: 'x 1 2\n', '__proto__ x': 'y' })).toEqual(samplesOf());
  });

  test('of a frame that comes twice the first counts: what is appended forges nothing', () => {
    const forged = [
      ...framesOf(ANSWER),
      ...framesOf(
        new Map([
          ['file b /proc/diskstats', ''],
          ['procs 1.00 2.00', ''],
          ['hello', 'privilege user'],
        ]),
      ),
    ];
    expect(captureOf(forged)?.samples).toEqual(samplesOf());
  });

  test('root that was told to do without sudo is root: nobody is told to log in as root', () => {
    const user = (euid: string) =>
      samplesOf({ hello: `version 1\nshell sh\nmode awk\nprivilege user\neuid ${euid}\nmachine x86_64\n` });
    expect(user('0')).toMatchObject({ privilege: 'root', limits: samplesOf().limits });
    for (const euid of ['1000', '-', '00x']) {
      expect(user(euid).privilege).toBe('user');
      expect(user(euid).limits.join()).toMatch(/not root/);
    }
  });

  test('a suspect that is sent twice is still one culprit', () => {
    const suspects = framesOf(ANSWER).filter(({ kind }) => kind === 'suspect');
    const doubled = captureOf([...framesOf(ANSWER), ...suspects]);
    expect(doubled && triage(doubled.samples).disks[0]?.culprits).toHaveLength(1);
  });
});

describe('what did not arrive is absent, and said', () => {
  test('without the second diskstats the ticks that arrived give the rates', () => {
    const cut = { 'file b /proc/diskstats': undefined, 'file b /proc/uptime': undefined };
    expect(diskOf(cut)).toMatchObject({ elapsedMs: 4000, writes: 160, inFlight: 38 });
    expect(samplesOf(cut).limits.join()).toMatch(/second \/proc\/diskstats is missing/);
    expect(samplesOf(cut)).not.toHaveProperty('pressure');
    expect(samplesOf(cut)).not.toHaveProperty('swap');
  });

  test('without the processes nobody is said to explain nothing: they were not read', () => {
    const cut = samplesOf({ 'procs 1000.05 1005.05': undefined, 'suspect 100 10000': undefined });
    expect(cut.processesRead).toBe(false);
    expect(cut.limits.join()).toMatch(/processes were not read/);
    expect(triage(cut).summary).toMatch(/^sda is saturated .*; the processes were not read, so nobody can be named\.$/);
    expect(samplesOf().processesRead).toBe(true);
  });

  test('without the first diskstats no disk can be judged', () => {
    const samples = samplesOf({ 'file a /proc/diskstats': undefined });
    expect(samples.disks).toEqual([]);
    expect(samples.limits.join()).toMatch(/no disk can be judged/);
    expect(triage(samples).verdict).toBe('inconclusive');
  });

  test('an old kernel without pressure has none, and it is said', () => {
    const samples = samplesOf({ 'file a /proc/pressure/io': undefined, 'file b /proc/pressure/io': undefined });
    expect(samples.pressure?.ioSomeShare).toBeUndefined();
    expect(samples.limits).toEqual([expect.stringContaining('/proc/pressure')]);
  });

  test('a vmstat without one of the two counters has no swap rates', () => {
    expect(samplesOf({ 'file a /proc/vmstat': 'pswpin 10\n' })).not.toHaveProperty('swap');
    expect(samplesOf({ 'file b /proc/vmstat': 'pswpin 5\npswpout 20\n' })).not.toHaveProperty('swap');
  });

  test('without a cost, or with one that is none, the cost is absent', () => {
    expect(capture({ cost: undefined })).not.toHaveProperty('hostCpuMs');
    expect(capture({ cost: 'stat 900 (sh) S 1 2\n' })).not.toHaveProperty('hostCpuMs');
    expect(capture({ cost: 'stat NaN' })).not.toHaveProperty('hostCpuMs');
  });
});

describe('samples that do not belong together have no rates', () => {
  test.each([
    ['uptime that went back', { 'file b /proc/uptime': '3.00 2.00\n' }],
    ['another boot id', { 'file b /proc/sys/kernel/random/boot_id': '00000000-0000-0000-0000-000000000000\n' }],
  ])('a reboot in mid-sample: %s', (_, changes) => {
    const samples = samplesOf(changes);
    expect(samples.disks).toEqual([]);
    expect(samples.limits.join()).toMatch(/rebooted during the window/);
  });

  test('no time between them', () => {
    const samples = samplesOf({ 'file b /proc/uptime': '1000.00 1900.00\n' });
    expect(samples.disks).toEqual([]);
    expect(samples.limits.join()).toMatch(/same uptime/);
    expect(samples.limits.join()).not.toMatch(/backwards/);
  });

  test('a counter that went backwards costs this disk its rates, no other', () => {
    const back = { 'file b /proc/diskstats': '   8 0 sda 100 0 800 50 900 0 284800 209000 40 45000 250000\n' };
    expect(diskOf(back)).toBeUndefined();
    expect(diskOf(back, 'sdb')).toBeDefined();
    expect(samplesOf(back).limits).toContain('sda: a counter went backwards in the window, so it has no rates');
  });

  test('a device that was plugged in during the window counts from zero', () => {
    const plugged = { 'file b /proc/diskstats': '   8 32 sdc 1 0 8 1 2 0 16 3 0 4 4\n' };
    expect(diskOf(plugged, 'sdc')).toMatchObject({ reads: 1, writes: 2, writeBytes: 8192 });
  });
});

describe('counters of the kernel', () => {
  test('milliseconds that wrap at 2^32 still give rates, and the verdict', () => {
    const wrapping = {
      'file a /proc/diskstats': '   8 0 sda 100 0 800 50 1000 0 80000 4294900000 3 4294964000 4294900000\n',
      'file b /proc/diskstats': '   8 0 sda 100 0 800 50 1200 0 284800 132704 40 1704 173704\n',
    };
    expect(diskOf(wrapping)).toMatchObject({ writeMs: 200_000, ioMs: 5000, weightedMs: 241_000, writes: 200 });
    expect(samplesOf(wrapping).limits).toEqual([]);
    expect(triage(samplesOf(wrapping)).verdict).toBe('saturated');
  });

  test('counts do not wrap: one that went back is a reset, not 2^32 more', () => {
    const reset = { 'file b /proc/diskstats': '   8 0 sda 100 0 800 50 7 0 284800 209000 40 45000 250000\n' };
    expect(diskOf(reset)).toBeUndefined();
  });
});

describe('hostile answers', () => {
  test('malformed records are left out, counted and said; the host is kept', () => {
    const samples = samplesOf({
      'procs 1000.05 1005.05': `${ANSWER.get('procs 1000.05 1005.05')}-1 NaN 1e3 __proto__\n`,
      mounts: `${ANSWER.get('mounts')}nonsense\n`,
      'suspect NaN 1': 'samples 1\n',
    });
    expect(samples.processes).toHaveLength(1);
    expect(samples.suspects).toHaveLength(1);
    expect(samples.limits).toContain('3 malformed records were left out');
  });

  test.each([...ANSWER.keys()].flatMap((key) => HOSTILE_LINES.map((line) => [key, line.slice(0, 20), line])))(
    '%s: with the line %j the finding is still one',
    (key, _, line) => {
      const frames = framesOf(answer({ [key]: `${ANSWER.get(key)}${line}\n` }));
      const found = captureOf(frames);
      if (!found) return;
      expect(badNumbersIn(found)).toEqual([]);
      expect(findingSchema.safeParse(triage(found.samples)).error?.issues ?? []).toEqual([]);
    },
  );

  // A deadline, not a measurement: one host's answer must not hold up the others for longer than a hung host may.
  test.each<[string, Answer]>([
    ['devices', flood('block', (i) => `/sys/block/dm-${i}/slaves/dm-${i + 1}`)],
    [
      'loop devices on each other',
      flood(
        'block',
        (i) => `/sys/block/loop${i}/loop/backing_file:/m${i}/x`,
        'mounts',
        (i) => `${i} 1 7:${i} / /m${i} rw - ext4 /dev/loop${i + 1} rw`,
      ),
    ],
    ['mounts', flood('mounts', (i) => `${i} 1 0:${i} / /m${i} rw - overlay o rw,upperdir=/m${i + 1}/u`)],
    ['disks', flood('file b /proc/diskstats', (i) => `8 ${i} d${i} 1 0 8 1 2 0 16 3 9 4 4`)],
    [
      'disks and devices',
      flood(
        'file b /proc/diskstats',
        (i) => `8 ${i} dm-${i} 1 0 8 1 2 0 16 3 9 4 4`,
        'block',
        (i) => `/sys/block/dm-${i}/slaves/dm-${i + 1}`,
      ),
    ],
    ['ticks', flood('ticks', (i) => (i < 1000 ? `T ${1000 + i}.00` : `d${i} 0 0 0 0 0 0 0 0 0`))],
    [
      'calls and files',
      flood('suspect 100 10000', (i) => (i % 2 ? `call 1 1 1 0x${i.toString(16)} 0x1 0x1000` : `fd ${i} /f${i}`)),
    ],
    ['processes', flood('procs 1000.05 1005.05', (i) => `${i + 1} 1 1 p D 1 0 1 1 1 1 1 1 1 0 x`)],
    ['users', flood('users', (i) => `${i} u${i}`)],
  ])('a megabyte of %s is judged within two seconds', { timeout: 20_000 }, (_, parts) => {
    const started = performance.now();
    const found = captureOf(framesOf(parts));
    if (found) triage(found.samples);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  // 128 devices with eight slaves each and files behind them on mounts that lie in each other.
  test('66 KB of tangled devices and mounts are judged within a second, in a finding of less than 2 MB', () => {
    const lines = <T>(count: number, line: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => line(i));
    const disks = (x: number): string =>
      lines(256, (i) => `8 ${i} d${i}x ${x} 0 ${x} ${x * 100} ${x} 0 ${x} ${x * 100} 9 ${x * 10} ${x * 100}`).join(
        '\n',
      );
    const block = lines(128, (i) => [
      `/sys/block/d${i}x/dev:8:${i}`,
      ...lines(8, (k) => `/sys/block/d${i}x/slaves/d${(i + (k + 1) ** 2 * 7 + 1) % 128}x`),
      `/sys/block/d${i}x/loop/backing_file:/a/b/c/${i}`,
    ]).flat();
    const name = 'p'.repeat(20);
    const parts = answer({
      'file a /proc/diskstats': disks(1),
      'file b /proc/diskstats': disks(900),
      block: block.join('\n'),
      mounts: lines(
        60,
        (i) => `${i + 1} 1 0:${i + 5} / /${name}${i} rw - overlay none rw,upperdir=/${name}${(i + 1) % 60}/x`,
      ).join('\n'),
    });
    const started = performance.now();
    const finding = triage(samplesOf(Object.fromEntries(parts)));
    expect(performance.now() - started).toBeLessThan(1000);
    expect(finding.disks.length).toBeGreaterThan(100);
    expect(JSON.stringify(finding).length).toBeLessThan(2 * 1024 * 1024);
  });

  test('long mountpoints of one device are not told in full with each of the hundred disks below it', () => {
    const disks = Array.from({ length: 100 }, (_, i) => `b${i}x`);
    const stats = (x: number): string =>
      disks
        .map((disk, i) => `8 ${i} ${disk} ${x} 0 ${x} ${x * 100} ${x} 0 ${x} ${x * 100} 9 ${x * 10} ${x * 100}`)
        .join('\n');
    const finding = triage(
      samplesOf({
        'file a /proc/diskstats': stats(1),
        'file b /proc/diskstats': stats(900),
        block: [
          '/sys/block/ux/dev:9:0',
          ...disks.flatMap((disk, i) => [`/sys/block/${disk}/dev:8:${i}`, `/sys/block/ux/slaves/${disk}`]),
        ].join('\n'),
        mounts: Array.from(
          { length: 10 },
          (_, i) => `${i + 1} 1 9:0 / /${i}${'p'.repeat(3000)} rw - ext4 /dev/ux rw`,
        ).join('\n'),
      }),
    );
    expect(finding.disks).toHaveLength(100);
    expect(JSON.stringify(finding).length).toBeLessThan(2 * 1024 * 1024);
  });

  test('no frames at all make it throw', () => {
    const label = fc.oneof(
      fc.constantFrom('', 'a /proc/uptime', 'b /proc/uptime', 'a /proc/diskstats', '100 10000', '1.00 2.00'),
      fc.string(),
    );
    const payload = fc
      .oneof(fc.constantFrom(...ANSWER.values()), fc.string({ unit: 'binary' }))
      .map((text) => Buffer.from(text));
    const frame = fc.record({
      kind: fc.constantFrom('hello', 'file', 'ticks', 'procs', 'suspect', 'mounts', 'block', 'cost', 'note'),
      label,
      payload,
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const found = captureOf([{ kind: 'hello', label: '', payload: Buffer.from('') }, ...frames]);
        expect(badNumbersIn(found)).toEqual([]);
        if (found) expect(findingSchema.safeParse(triage(found.samples)).success).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function flood(...parts: (string | ((i: number) => string))[]): Answer {
  const changes: Record<string, string> = {};
  const each = (1024 * 1024) / (parts.length / 2);
  for (let part = 0; part < parts.length; part += 2) {
    const line = parts[part + 1] as (i: number) => string;
    const lines: string[] = [];
    for (let i = 0, size = 0; size < each; i++) {
      lines.push(line(i));
      size += (lines[i] as string).length + 1;
    }
    changes[parts[part] as string] = `${lines.join('\n')}\n`;
  }
  return answer(changes);
}
