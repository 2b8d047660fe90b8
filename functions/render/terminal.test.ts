import { expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import {
  crowdedHost,
  healthyHost,
  lostHost,
  python,
  refused,
  reportOf,
  saturatedHost,
  sda,
  silent,
  unknownKey,
} from '../../test/findings.ts';
import { paintFor } from './paint.ts';
import { renderTerminal } from './terminal.ts';

const show = (hosts: VisitedHost[], width = 120, colour = false): string =>
  renderTerminal(reportOf(hosts), { width, paint: paintFor(colour) });
const unwrapped = (text: string): string => text.replace(/\s+/gu, ' ');

test('the saturated host comes first, with disk, figures, culprit, pid, unit, share and file in its row', () => {
  const lines = show([healthyHost('10.77.0.12'), saturatedHost('10.77.0.11'), healthyHost('10.77.0.13')], 140).split(
    '\n',
  );
  expect(lines[0]).toBe('3 hosts: 1 saturated, 2 healthy  5.8 s');
  expect(lines[2]).toMatch(/^# {2}HOST +DISK +VERDICT +BUSY +QUEUE +AWAIT +CULPRIT +SHARE +FILE$/);
  expect(lines[3]).toMatch(
    /^1 {2}10\.77\.0\.11 +sda +SATURATED +99\.2 % +1,102 +7\.3 s +python 18940 \(logtest\.py, logger\.service\) +98 % +\/tmp\/logtest\.txt$/,
  );
});

test.each([60, 80, 120, 200])(
  'at %d columns the reason is told: summary, evidence, carriers, victims, advice, limits',
  (width) => {
    const shown = unwrapped(show([saturatedHost('db-1'), healthyHost('db-2')], width));
    for (const text of [
      'logtest.py 18940 saturates sda by logging 300 MB at a time to /tmp/logtest.txt',
      'why write() of 314,572,844 bytes on fd 3 in 17 of 20 samples',
      'carriers kworker/u4:2 20065: writes dirty pages back; jbd2/sda1-8 354',
      'victims postgres 812: waits for fsync',
      'advice Look at how much logtest.py logs',
      'limits the kernel offers no pressure figures',
      'cpu0 waits for I/O 93 % of the time',
      '/tmp/logtest.txt',
      '7.3 s',
    ]) {
      expect(shown).toContain(text);
    }
  },
);

test('a text that is taller than the terminal ends with the ranking once more, a line for each row', () => {
  const hosts = [saturatedHost('db-1'), saturatedHost('db-2'), healthyHost('web-1'), refused('gone')];
  const paint = paintFor(false);
  const whole = renderTerminal(reportOf(hosts), { width: 100, paint });
  const lines = renderTerminal(reportOf(hosts), { width: 100, paint, height: 24 }).split('\n');
  expect(lines.join('\n').startsWith(whole)).toBe(true);
  const recap = lines.slice(whole.split('\n').length - 1);
  expect(recap[0]).toBe('');
  expect(recap[1]).toBe(lines[0]);
  expect(recap[2]).toMatch(/^2 hosts share a culprit: logtest\.py, /u);
  expect(recap[3]).toMatch(/^# {2}HOST +DISK +VERDICT/u);
  expect(recap.filter((line) => /^[12] {2}db-[12] .*SATURATED/u.test(line))).toHaveLength(2);
  expect(recap.at(-2)).toBe('1 not swept, 1 healthy');
  expect(recap.length).toBeLessThan(12);
});

test('a text that the terminal shows at once says everything once', () => {
  const hosts = [saturatedHost('db-1'), healthyHost('web-1')];
  const paint = paintFor(false);
  const whole = renderTerminal(reportOf(hosts), { width: 100, paint });
  expect(renderTerminal(reportOf(hosts), { width: 100, paint, height: 60 })).toBe(whole);
});

test('healthy hosts fold into one line in the order a person counts, with the busiest of them', () => {
  const hosts = [12, 10, 11, 9].map((n) => healthyHost(`web-${n}`));
  const [disk = expect.fail()] = healthyHost('x').disks;
  hosts.push(healthyHost('web-8', { disks: [{ ...disk, busyPercent: 17 }, disk] }));
  const shown = show([saturatedHost('db'), ...hosts, healthyHost('cache', { limits: ['not root'] })]);
  expect(shown).toMatch(/^6 healthy {2}cache, web-\[8-12\]$/m);
  expect(shown).toContain('the busiest is nvme0n1 of web-8, 17 % busy');
  expect(shown).toContain('on 1 not everything could be seen');
});

test('hundreds of healthy hosts take two lines at most', () => {
  const hosts = Array.from({ length: 400 }, (_, i) => healthyHost(`h${i * 2}.example.com`));
  const [disk = expect.fail()] = healthyHost('x').disks;
  hosts.push(healthyHost('h1.example.com', { disks: [{ ...disk, busyPercent: 17 }] }));
  const lines = show([saturatedHost('db'), ...hosts], 80).split('\n');
  const from = lines.findIndex((line) => line.startsWith('401 healthy'));
  expect(lines[from + 1]).toMatch(/ and [0-9]+ more$/);
  expect(lines[from + 2]).toContain('the busiest is');
});

test('the busiest of hosts that do next to nothing is not worth a word', () => {
  expect(show([saturatedHost('db'), healthyHost('a'), healthyHost('b')])).not.toContain('the busiest');
});

test('failures fold into one entry for each reason, with what mends it', () => {
  const shown = show([saturatedHost('db'), refused('b'), refused('a'), unknownKey('c')]);
  expect(shown).toContain('2 hosts: connection refused: a, b\n    a refused the connection to port 22');
  expect(shown).toContain('1 host: host key unknown: c\n');
  expect(shown).toContain('ssh-keyscan -p 22 c >> ~/.ssh/known_hosts');
  expect(shown).not.toContain('differ');
});

test('a short name does not make messages differ that have the same letters in their words', () => {
  expect(show([refused('e'), refused('o'), refused('no-1')])).not.toContain('differ');
});

test('messages that differ in more than the host are counted, not swallowed', () => {
  const odd = lostHost('z', { phase: 'connect', kind: 'refused', message: 'z refused otherwise' });
  expect(show([refused('a'), odd])).toContain('(1 differ: --json)');
});

test('a host that fell silent has a row of its own above the saturated ones, even where its disks looked healthy', () => {
  const failure = { phase: 'deadline', kind: 'suspected-hung', message: 'the host stalled' } as const;
  const stalled = healthyHost('app-4', {
    status: 'partial',
    failure,
    score: 89,
    summary: 'The host let us in, then stalled',
  });
  const shown = show([saturatedHost('db'), silent('app-3'), stalled]);
  expect(shown).toMatch(/^1 {2}app-3 +HUNG\?$/m);
  expect(shown).toMatch(/^2 {2}app-4 +HUNG\?$/m);
  expect(shown).toMatch(/^3 {2}db +sda +SATURATED/m);
  expect(shown).not.toContain('healthy');
});

test('a host whose answer was cut short is inconclusive in its row, not what one of its disks looked like', () => {
  const failure = { phase: 'sample', kind: 'ended-early', message: 'cut' } as const;
  const cut = (name: string, verdict: 'busy' | 'healthy') =>
    healthyHost(name, { status: 'partial', failure, verdict: 'inconclusive', score: 50, disks: [{ ...sda, verdict }] });
  const shown = show([saturatedHost('db'), cut('a', 'busy'), cut('b', 'healthy')]);
  expect(shown).toMatch(/^2 {2}a +inconclusive$/m);
  expect(shown).toMatch(/^3 {2}b +inconclusive$/m);
});

test('a whole rack that is down is one line', () => {
  const rack = Array.from({ length: 12 }, (_, i) => refused(`web-${String(i + 1).padStart(2, '0')}`));
  expect(show([saturatedHost('db'), ...rack], 80)).toContain('\n12 hosts: connection refused: web-[01-12]\n');
});

test('what several hosts share is said once, above the table', () => {
  const lines = show([saturatedHost('db-1'), saturatedHost('db-2'), saturatedHost('db-3')]).split('\n');
  const at = lines.indexOf('3 hosts share a culprit: logtest.py, buffered writes to /tmp/logtest.txt: db-[1-3]');
  expect(at).toBeGreaterThan(0);
  expect(lines.findIndex((line) => line.startsWith('#  HOST'))).toBeGreaterThan(at);
});

const withProgram = (name: string, program: string): VisitedHost =>
  saturatedHost(name, { disks: [{ ...sda, culprits: [{ ...python, program }] }] });

test('beyond ten unhealthy hosts only the sentence is told', () => {
  const shown = show(Array.from({ length: 14 }, (_, i) => withProgram(`db-${i}`, `job-a${i}b.py`)));
  expect(shown.match(/^ {4}advice/gm)).toHaveLength(10);
  expect(shown.match(/^ {4}logtest\.py 18940 saturates/gm)).toHaveLength(14);
  expect(shown).toContain('whodisk explain HOST');
});

test('a culprit that many hosts share is told once, every host keeps its row', () => {
  const shared = Array.from({ length: 4 }, (_, i) => saturatedHost(`db-${i}`));
  const shown = show([...shared, withProgram('x', 'other.py')]);
  expect(shown.match(/^ {4}advice/gm)).toHaveLength(2);
  expect(shown.match(/^\d {2}\S+ +sda +SATURATED .*python 18940/gm)).toHaveLength(5);
  expect(shown).toContain('whodisk explain HOST');
  expect(show([saturatedHost('a'), withProgram('x', 'other.py')])).not.toContain('whodisk explain');
});

test('a fleet in trouble does not scroll away: the worst have rows, the others are counted and named', () => {
  const busy = Array.from({ length: 400 }, (_, i) =>
    healthyHost(`web-${i}`, { verdict: 'busy', score: 30, disks: [{ ...sda, verdict: 'busy', culprits: [] }] }),
  );
  const saturated = Array.from({ length: 300 }, (_, i) => saturatedHost(`db-${i}`, { score: 80 - i / 100 }));
  const crowd = Array.from({ length: 300 }, (_, i) => healthyHost(`api-${i}`));
  const all = show([...busy, ...saturated, ...crowd], 80);
  const silentOnes = show([...Array.from({ length: 40 }, (_, i) => silent(`s-${i}`)), ...saturated], 80);
  expect(silentOnes).toContain('\n    and 38 more HUNG? like these: s-[2-39]\n');
  expect(silentOnes).toContain('\n    and 296 more SATURATED by logtest.py: db-[4-299]\n');
  expect(silentOnes.split('\n').length).toBeLessThan(50);
  expect(all).toContain('\n    and 296 more SATURATED by logtest.py: db-[4-299]\n');
  expect(all).toContain('\n    and 396 more busy like these: web-[4-399]\n');
  expect(all.split('\n').length).toBeLessThan(120);
  const onlyBusy = show([...busy, ...crowd], 80);
  expect(onlyBusy.match(/^ *\d+ +web-\d+ +sda +busy/gm)).toHaveLength(4);
  expect(onlyBusy).toContain('\n    and 396 more busy like these: web-[4-399]\n');
});

test('hosts of which each has a culprit of its own: the worst have rows, the others are counted and named below', () => {
  const shown = show(
    Array.from({ length: 300 }, (_, i) => {
      const letters = `${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}`;
      return { ...withProgram(`db-${i}`, `job-${letters}.py`), score: 88 - i / 100 };
    }),
    80,
  );
  expect(shown.match(/^ *\d+ +db-\d+ +sda +SATURATED/gm)).toHaveLength(20);
  expect(shown).toContain('\nand 280 more SATURATED: db-[20-299]\n');
});

test('what stands in a folded line is what the hosts above it have in common, not what another one has', () => {
  const others = Array.from({ length: 6 }, (_, i) => withProgram(`x-${i}`, 'other.py'));
  const two = saturatedHost('y', {
    disks: [sda, { ...sda, device: 'sdb', culprits: [{ ...python, program: 'other.py' }] }],
  });
  const shown = show([...Array.from({ length: 6 }, (_, i) => saturatedHost(`db-${i}`)), ...others, two]);
  expect(shown).toContain('and 2 more SATURATED by logtest.py: db-4, db-5\n');
  expect(shown).toContain('and 2 more SATURATED by other.py: x-4, x-5\n');
  expect(shown).toMatch(/^13 {2}y +sda +SATURATED/m);
});

const CTRL_C = { phase: 'sample', kind: 'interrupted', message: 'The sweep was interrupted.' } as const;

test('hosts that a Ctrl-C came before are one line below what is known, half of a window or none', () => {
  const half = Array.from({ length: 9 }, (_, i) =>
    healthyHost(`api-${i}`, { status: 'partial', failure: CTRL_C, verdict: 'inconclusive', score: 42 }),
  );
  const none = Array.from({ length: 30 }, (_, i) => lostHost(`web-${i}`, CTRL_C));
  const proven = saturatedHost('db', { status: 'partial', failure: CTRL_C });
  const shown = show([...half, ...none, proven, refused('old')], 80);
  expect(shown).toMatch(/^1 {2}db +sda +SATURATED/m);
  expect(shown).not.toMatch(/^ *[0-9]+ {2}api-/m);
  expect(shown.match(/The sweep was interrupted/gu)).toHaveLength(1);
  expect(shown.endsWith('\n39 hosts: interrupted before they were done: api-[0-8], web-[0-29]\n')).toBe(true);
  expect(show([proven, lostHost('a', CTRL_C)])).toContain('\n1 host: interrupted before it was done: a\n');
});

test.each([60, 80, 120])('at %d columns a shared culprit is named whole, with its path', (width) => {
  const culprits = [{ ...python, files: [{ path: '/srv/shop1/orders-of-today/orders.log', deleted: false }] }];
  const shown = show(
    ['db-1', 'db-2', 'db-3'].map((name) => saturatedHost(name, { disks: [{ ...sda, culprits }] })),
    width,
  );
  expect(unwrapped(shown)).toContain(
    '3 hosts share a culprit: logtest.py, buffered writes to /srv/shop*/orders-of-today/orders.log: db-[1-3] ',
  );
});

test('what nobody explains is said once', () => {
  const evidence = [...python.evidence, "6 % of the disk's bytes are explained by no process"];
  const disk = { ...sda, culprits: [{ ...python, share: 0.94, evidence }], othersShare: 0, unexplainedShare: 0.06 };
  for (const shown of [
    show([saturatedHost('db', { disks: [disk] }), healthyHost('x')]),
    show([saturatedHost('db', { disks: [disk] })]),
  ]) {
    expect(shown).toContain('6 % of the load has no known owner');
    expect(shown).not.toContain('explained by no process');
  }
});

test('counts of a large fleet are written in one way', () => {
  const shown = show(Array.from({ length: 1200 }, (_, i) => refused(`web-${i}`)));
  expect(shown).toMatch(/^1,200 hosts: 1,200 not swept/);
  expect(shown).toContain('\n1,200 hosts: connection refused: web-[0-1199]\n');
});

test('limits are folded after two of them', () => {
  expect(show([crowdedHost('c'), healthyHost('h')])).toMatch(/limits +212 of 300.*\n.*no mnt_id.*\n +and 1 more/);
});

test('one host alone reads like an answer: a sentence first, no table', () => {
  const shown = show([saturatedHost('db-01')], 80);
  expect(shown.startsWith('db-01: SATURATED. logtest.py 18940 saturates sda by logging 300 MB at a time')).toBe(true);
  expect(shown).not.toContain('VERDICT');
  expect(unwrapped(shown)).toContain('file /tmp/logtest.txt (fd 3)');
  expect(show([healthyHost('laptop')])).toMatch(/^laptop: healthy\. No disk is saturated/);
  expect(show([unknownKey('n1')])).toMatch(/^n1: not swept\. n1 is not in known_hosts/);
  expect(show([silent('app')])).toMatch(/^app: HUNG\? /);
});

test('colour never is the only sign: without it the same words stand there', () => {
  const hosts = [saturatedHost('db'), healthyHost('web'), refused('a'), silent('s')];
  const coloured = show(hosts, 120, true);
  expect(coloured).toContain('\u001b[31m');
  expect(coloured.replace(/\u001b\[[0-9]+m/gu, '')).toBe(show(hosts, 120, false));
});

test('a disk without figures shows no zeros', () => {
  const { busyPercent, queueDepth, writeAwaitMs, writesPerSecond, writeBytesPerSecond, timeline, ...bare } = sda;
  const shown = show([saturatedHost('db', { disks: [{ ...bare, readsPerSecond: 0 }] }), healthyHost('x')]);
  expect(shown).not.toMatch(/BUSY|QUEUE|AWAIT|load/);
});
