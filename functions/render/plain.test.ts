import { expect, test } from 'vitest';
import { reportSchema } from '../../runner/report.ts';
import { crowdedHost, healthyHost, refused, reportOf, saturatedHost } from '../../test/findings.ts';
import { renderHostLine, renderJson, renderSweepLine } from './json.ts';
import { renderPlain } from './plain.ts';

test('the case as plain text, word for word', () => {
  expect(renderPlain(reportOf([saturatedHost('db-01'), healthyHost('web-1'), refused('old')]))).toBe(
    `sweep 01JDF3W5Q0000000000000TEST: complete, 3 targets, 2 swept, 1 not swept, window 5 s, started 2018-12-05T15:23:01.000Z
1. db-01: saturated, score 88: logtest.py 18940 saturates sda by logging 300 MB at a time to /tmp/logtest.txt; kworker/u4:2 and jbd2/sda1-8 carry its writes
   disk: sda: saturated, 99.2 % busy, queue 1,102, await 7.3 s, writes 32 MB/s in 64/s of 512 KB, hdd, QEMU HARDDISK, mounted on /
   culprit: python 18940, runs logtest.py, unit logger.service, user root, started by systemd 1: 98 % of the bytes, 43.8 MB/s, buffered writes of 300 MB; inferred, confidence high
   file: /tmp/logtest.txt (fd 3)
   evidence: write() of 314,572,844 bytes on fd 3 in 17 of 20 samples
   evidence: fd 3 is /tmp/logtest.txt, open for writing, on sda1
   evidence: writes 45.9 MB/s of the 46.8 MB/s that all processes wrote to sda
   advice: Look at how much logtest.py logs: 300 MB a message, to a file that rotates at 900 MB
   carrier: kworker/u4:2 20065: writes dirty pages back
   carrier: jbd2/sda1-8 354: commits the journal of sda1
   victim: postgres 812: waits for fsync of /var/lib/postgresql/16/main/pg_wal, adds 0.1% of the bytes
   limit: the kernel offers no pressure figures (/proc/pressure)
2. old: not-swept, score 40: Not swept: old refused the connection to port 22: is sshd running there? Try: ssh -v old
   failure: connect, refused
3. web-1: healthy, score 3: No disk is saturated; the busiest, nvme0n1, is busy 3% of the time
`,
  );
});

test('groups, further disks, explanations, the unexplained share and command lines are told', () => {
  const text = renderPlain(reportOf([crowdedHost('c')]));
  expect(text).toContain('   culprit: cp ×4, user root, pids 41, 42, 43, 44: 45 % of the bytes');
  expect(text).toContain('   disk: nvme1n1: busy, 71 % busy');
  expect(text).toContain('   instead: The host swaps');
  expect(text).toContain('   unknown: 8 % of the load has no known owner');
});

test('what several hosts share is named with every host', () => {
  const text = renderPlain(reportOf([saturatedHost('a'), saturatedHost('b')]));
  expect(text).toContain('shared: logtest.py, buffered-write, /tmp/logtest.txt on 2 hosts: a, b\n');
});

test('JSON is the report itself, and ndjson the same in pieces', () => {
  const report = reportOf([saturatedHost('a'), crowdedHost('b'), refused('c')]);
  expect([...renderJson(report)].join('')).toBe(`${JSON.stringify(report, null, 2)}\n`);
  const none = { ...report, hosts: [], patterns: [] };
  expect([...renderJson(none)].join('')).toBe(`${JSON.stringify(none, null, 2)}\n`);
  expect(reportSchema.parse(JSON.parse([...renderJson(report)].join('')))).toEqual(report);
  const { rank: _, ...unranked } = report.hosts[0] ?? expect.fail();
  expect(JSON.parse(renderHostLine(unranked))).toEqual({ type: 'host', ...unranked });
  expect(JSON.parse(renderSweepLine(report))).toEqual({
    type: 'sweep',
    sweep: report.sweep,
    ranking: report.hosts.map(({ host }) => host),
    patterns: report.patterns,
  });
});
