import { expect, test } from 'vitest';
import type { Host, VisitedHost } from '../../runner/report.ts';
import {
  crowdedHost,
  healthyHost,
  python,
  refused,
  reportOf,
  saturatedHost,
  sda,
  silent,
} from '../../test/findings.ts';
import { renderExplain, renderExplainPlain } from './explain.ts';
import { widthOf } from './fit.ts';
import { paintFor } from './paint.ts';

const FOUR_MINUTES_LATER = Date.parse('2018-12-05T15:27:10.000Z');
const ranked = (host: VisitedHost): Host => reportOf([host]).hosts[0] ?? expect.fail();
const facts = (nowMs = FOUR_MINUTES_LATER, asked?: string[]) => ({
  sweep: reportOf([], asked && { asked }).sweep,
  nowMs,
});
const show = (host: VisitedHost, width = 80, colour = false): string =>
  renderExplain(ranked(host), facts(), { width, paint: paintFor(colour) });
const plain = (host: VisitedHost): string => renderExplainPlain(ranked(host), facts());
const labels = (text: string): string[] => [...text.matchAll(/^([0-9]+ [A-Z]+) {2,}/gm)].map(([, label = '']) => label);

test('the chain of the case: CPU wait, disk, process, syscall, file, verdict, each with its figures and their source', () => {
  const timeline = sda.timeline?.map((point, i) => (i % 4 === 0 ? point : { ...point, awaitMs: 7270.44 })) ?? [];
  const shown = show(saturatedHost('db-01', { disks: [{ ...sda, timeline }] }), 120);
  expect(labels(shown)).toEqual(['1 CPU', '2 DISK', '3 PROCESS', '4 SYSCALL', '5 FILE', '6 VERDICT']);
  const order = [
    'db-01: SATURATED. logtest.py 18940 saturates sda by logging 300 MB at a time',
    'seen 4 minutes ago (2018-12-05 15:23:06 UTC) as root, in a window of 5 s',
    'cpu0 waits for I/O 92.7 % of the time; user 0.7 %, system 6 %, idle 0.6 % (/proc/stat)',
    'cpu1 waits 7.3 %',
    '774 MB dirty, 6.4 GB page cache, 7.8 GB in all (/proc/meminfo)',
    'sda: 99.2 % busy, queue 1,102, await 7.3 s (/proc/diskstats)',
    'writes 32 MB/s in 64/s of 512 KB',
    'over the window (· no request was completed):',
    'busy   ████████████████████  at most 99 %',
    'queue  ████████████████████  at most 1,019',
    'await  ·███·███·███·███·███  at most 7.3 s',
    'python 18940: 98 % of the bytes, 43.8 MB/s, buffered writes of 300 MB; inferred, confidence high',
    'writes 45.9 MB/s of the 46.8 MB/s that all processes wrote to sda',
    'write() of 314,572,844 bytes on fd 3 in 17 of 20 samples',
    '/tmp/logtest.txt (fd 3)',
    'fd 3 is /tmp/logtest.txt, open for writing, on sda1',
    'SATURATED: at work all the time',
    'confidence high: it was seen',
    'the load on sda: 98 % named above, 2 % of processes too small to name',
    'kworker/u4:2 20065',
    'postgres 812: waits for fsync',
    'the kernel offers no pressure figures',
    'iostat -x 1',
    'cat /proc/18940/syscall',
    'ls -l /proc/18940/fd/3',
  ].map((text) => [text, shown.indexOf(text)] as const);
  for (const [text, at] of order) expect(at, text).toBeGreaterThanOrEqual(0);
  expect(order.map(([, at]) => at)).toEqual(order.map(([, at]) => at).sort((a, b) => a - b));
});

test.each([60, 80, 120])('at %d columns every line fits and nothing is lost', (width) => {
  const squeezed = (text: string): string => text.replace(/\s+/gu, ' ');
  const shown = show(crowdedHost('app'), width);
  for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
  const wide = squeezed(show(crowdedHost('app'), 400)).replace(/▁.*▇/u, '');
  expect(squeezed(shown).replace(/▁.*▇/u, '')).toBe(wide);
});

test('colour never is the only sign', () => {
  const coloured = show(saturatedHost('db'), 80, true);
  expect(coloured).toContain('\u001b[31m');
  expect(coloured.replace(/\u001b\[[0-9]+m/gu, '')).toBe(show(saturatedHost('db')));
});

test('evidence as triage words it stands with the step that it proves', () => {
  const evidence = [
    'writes 43.8 MB/s, net of cancelled (/proc/18940/io); sda writes 32 MB/s (/proc/diskstats)',
    'seen in write(fd 3, 314,572,844 bytes) 17 times in 20 looks (/proc/18940/syscall)',
    'held back as a dirtier of pages in 3 of 5 looks (balance_dirty_pages in /proc/18940/stack)',
    'fd 3 is /tmp/logtest.txt, its position moved by 900 MB (/proc/18940/fd, fdinfo)',
  ];
  const lines = plain(saturatedHost('db', { disks: [{ ...sda, culprits: [{ ...python, evidence }] }] })).split('\n');
  expect(lines).toContain(`process: ${evidence[0]}`);
  expect(lines).toContain(`syscall: ${evidence[1]}`);
  expect(lines).toContain(`syscall: ${evidence[2]}`);
  expect(lines).toContain(`file: ${evidence[3]}`);
});

test('steps that were not seen say so', () => {
  const {
    cpu: _cpu,
    memory: _memory,
    ...blind
  } = saturatedHost('db', {
    disks: [{ ...sda, culprits: [{ ...python, evidence: [], files: [] }] }],
  });
  const text = plain(blind);
  expect(text).toContain('cpu: not seen: /proc/stat');
  expect(text).toContain('memory: not seen: /proc/meminfo');
  expect(text).toMatch(/^syscall: buffered writes of 300 MB at a time, inferred from its counters/m);
  expect(text).toContain('file: not seen: no open file on this disk fits');
  expect(text).not.toContain('/proc/18940/fd/');
});

test('a saturated disk without a culprit blames nobody, and says how much is unexplained', () => {
  const unknown = { ...sda, culprits: [], unexplainedShare: 0.8, othersShare: 0.2 };
  const text = plain(saturatedHost('db', { disks: [unknown] }));
  expect(text).toContain('process: nobody can be named with evidence\nprocess: 80 % of the load has no known owner');
  expect(text).not.toMatch(/^(?:syscall|file):/m);
});

test('a hung disk is nobody’s fault, and what to try by hand is another thing', () => {
  const text = plain(saturatedHost('db', { verdict: 'hung', disks: [{ ...sda, verdict: 'hung', culprits: [] }] }));
  expect(text).toContain('process: nobody is blamed');
  expect(text).toContain('by hand: dmesg | tail -n 50  # ');
  expect(text).not.toContain('pidstat');
});

test('a healthy host, one that was not swept and one that fell silent are told as what they are', () => {
  expect(plain(healthyHost('web'))).toContain('disk: nvme0n1 is healthy: 3 % busy');
  const lost = show(refused('old'));
  expect(lost).toContain('tried 4 minutes ago');
  expect(lost).toMatch(/^ {2}VERDICT +not swept: nothing is known of its disks$/m);
  expect(lost).toContain('connection refused, in the phase "connect"');
  expect(lost).not.toMatch(/CPU|DISK|by hand|score/);
  expect(show(silent('nfs'))).toMatch(/^ {2}VERDICT +HUNG\? the host let us in and then fell silent/m);
});

test('several disks and culprits are told one after the other, healthy disks aside', () => {
  const [nvme = expect.fail()] = healthyHost('x').disks;
  const host = crowdedHost('app');
  const shown = show({ ...host, disks: [...host.disks, nvme] }, 120);
  expect(labels(shown)).toEqual([
    '1 CPU',
    '2 DISK',
    '3 PROCESS',
    '4 SYSCALL',
    '5 FILE',
    '6 PROCESS',
    '7 SYSCALL',
    '8 FILE',
    '9 DISK',
    '10 PROCESS',
    '11 VERDICT',
  ]);
  expect(shown).toMatch(/^ {2}other disks +nvme0n1 is healthy/m);
});

test('an old finding says that it is old and how to look again', () => {
  const hourLater = FOUR_MINUTES_LATER + 3_600_000;
  const options = { width: 120, paint: paintFor(false) };
  const host = ranked(saturatedHost('db-01'));
  expect(renderExplain(host, facts(), options)).not.toContain('look again');
  expect(renderExplain(host, facts(hourLater, ['@db']), options)).toContain('to look again: whodisk db-01\n');
  expect(renderExplain(host, facts(hourLater), options)).toContain('to look again: whodisk\n');
  expect(renderExplainPlain(host, facts(hourLater, ['@db']))).toMatch(/^stale: .*whodisk db-01$/m);
});

test('of many CPUs those that wait are named, and the others summed up', () => {
  const perCpu = Array.from({ length: 64 }, (_, cpu) => ({
    cpu,
    userPercent: 1,
    systemPercent: 1,
    iowaitPercent: cpu < 6 ? 90 - cpu : 2,
    stealPercent: cpu === 0 ? 3 : 0,
    idlePercent: 5,
  }));
  const lines = plain(saturatedHost('db', { cpu: { perCpu } }))
    .split('\n')
    .filter((line) => line.startsWith('cpu:'));
  expect(lines).toHaveLength(5);
  expect(lines[0]).toContain('cpu0 waits for I/O 90 % of the time; user 1 %, system 1 %, steal 3 %, idle 5 %');
  expect(lines[4]).toBe('cpu: the other 60 CPUs wait at most 86 %');
  const idle = perCpu.map((each) => ({ ...each, iowaitPercent: 2.5 }));
  expect(plain(saturatedHost('db', { cpu: { perCpu: idle } }))).toContain(
    'cpu: no CPU waits for I/O much: at most 2.5 % of the time, cpu0 (/proc/stat)\ncpu: a CPU that finds other work',
  );
});
