import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { healthyHost, reportOf, saturatedHost } from '../../test/findings.ts';
import { openStore } from '../store/open.ts';
import { StoreProblem } from '../store/problem.ts';
import { ulid } from '../ulid.ts';
import { startRecording } from './recording.ts';

const root = mkdtempSync(join(tmpdir(), 'whodisk-recording-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const report = reportOf([saturatedHost('a'), healthyHost('b')], { id: ulid(Date.now()) });
const recordingIn = (folder: string, more: { afterwards?: boolean; limitMs?: number } = {}) =>
  startRecording(
    { kind: 'embedded', folder },
    {
      sweep: { ...report.sweep, status: 'running' },
      names: report.hosts.map(({ host }) => host),
      user: 'ann',
      retentionDays: 30,
      closesByMs: Date.now() + 60_000,
      afterwards: more.afterwards ?? false,
      limitMs: () => more.limitMs ?? 10_000,
    },
  );

test('what was added while the sweep ran, and what was not, is stored with its end', async () => {
  const folder = join(root, 'during');
  const recording = recordingIn(folder);
  for (const host of report.hosts.slice(0, 1)) recording.add(host);
  expect(await recording.finish(report)).toEqual({ notes: [] });
  const store = await openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now });
  if (store instanceof StoreProblem) throw new Error(store.message);
  expect(await store.sweep(report.sweep.id)).toMatchObject({ sweep: report.sweep, order: ['a', 'b'] });
  expect(await store.findings('b', { limit: 1 })).toMatchObject({ findings: [{ sweepId: report.sweep.id }] });
  expect(await store.audit({ limit: 9 })).toMatchObject({
    records: [
      { event: 'ended', sweepId: report.sweep.id, status: 'complete', swept: 2 },
      { event: 'asked', sweepId: report.sweep.id, by: { kind: 'cli', user: 'ann' }, hosts: ['a', 'b'], hostCount: 2 },
    ],
  });
  await store.close();
});

test('a store that did not answer while the sweep ran is asked again at its end', { timeout: 30_000 }, async () => {
  const folder = join(root, 'silent');
  mkdirSync(folder, { mode: 0o700 });
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(join(folder, 'store.sock'), resolve));
  const recording = recordingIn(folder);
  for (const host of report.hosts) recording.add(host);
  await new Promise((resolve) => setTimeout(resolve, 5500));
  await new Promise((resolve) => {
    silent.close(resolve);
    silent.closeAllConnections();
  });
  expect(await recording.finish(report)).toEqual({ notes: [] });
});

test('on the machine that is looked at, nothing is opened before the sweep is over', async () => {
  const folder = join(root, 'afterwards');
  const recording = recordingIn(folder, { afterwards: true });
  for (const host of report.hosts) recording.add(host);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(existsSync(folder)).toBe(false);
  expect(await recording.finish(report)).toEqual({ notes: [] });
  const store = await openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now });
  if (store instanceof StoreProblem) throw new Error(store.message);
  expect(await store.audit({ limit: 9 })).toMatchObject({ records: [{ event: 'ended' }, { event: 'asked' }] });
  await store.close();
});

test('where a disk of this machine hangs, nothing is written at all', async () => {
  const folder = join(root, 'hung');
  const hung = reportOf([healthyHost('here', { verdict: 'hung', score: 95 })]);
  const recorded = await recordingIn(folder, { afterwards: true }).finish(hung);
  expect(recorded.problem).toMatch(/^the results are not stored: a disk of this machine hangs/);
  expect(existsSync(folder)).toBe(false);
});

test('a store that cannot be opened, or is too slow, is a problem with its mend and never an exception', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  const refused = await recordingIn(file).finish(report);
  expect(refused.problem).toMatch(/^the results are not stored: .*\n.+/);
  const late = await recordingIn(join(root, 'late'), { limitMs: 0 }).finish(report);
  expect(late.problem).toContain('was not done within 0 s');
});
