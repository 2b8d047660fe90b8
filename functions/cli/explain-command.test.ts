import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { healthyHost, lostHost, reportOf, saturatedHost } from '../../test/findings.ts';
import { paintFor } from '../render/paint.ts';
import { openStore } from '../store/open.ts';
import { StoreProblem } from '../store/problem.ts';
import { ulid } from '../ulid.ts';
import { explainText } from './explain-command.ts';

const root = mkdtempSync(join(tmpdir(), 'whodisk-explain-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const CTRL_C = { phase: 'sample', kind: 'interrupted', message: 'The sweep was interrupted.' } as const;

/** What is told of db-1 after these sweeps, oldest first. */
async function explained(name: string, ...sweeps: VisitedHost[]): Promise<string> {
  const store = await openStore({ kind: 'embedded', folder: join(root, name) }, { retentionDays: 30, nowMs: Date.now });
  if (store instanceof StoreProblem) throw new Error(store.message);
  const startMs = Date.now() - 60_000;
  for (const [index, host] of sweeps.entries()) {
    const report = reportOf([host, healthyHost('db-2')], { id: ulid(startMs + index * 1000) });
    await store.beginSweep({ ...report.sweep, status: 'running' }, Date.now() + 60_000);
    await store.finishSweep(report);
  }
  const text = await explainText('db-1', {
    store,
    format: 'plain',
    terminal: { width: 80, paint: paintFor(false) },
    nextText: () => '',
    nowMs: Date.now(),
    sayUnreadable: () => {},
  }).finally(() => store.close());
  if (typeof text !== 'string') throw new Error(text.message);
  return text;
}

test('the newest finding is told', async () => {
  expect(await explained('newest', healthyHost('db-1'), saturatedHost('db-1'))).toMatch(/^host: db-1: saturated/);
});

test('where a Ctrl-C came before the host was done, the sweep before it is told', async () => {
  expect(await explained('cut', saturatedHost('db-1'), lostHost('db-1', CTRL_C))).toMatch(/^host: db-1: saturated/);
});

test('where nothing else is known, that it was interrupted', async () => {
  expect(await explained('only', lostHost('db-1', CTRL_C))).toMatch(/^host: db-1: not-swept/);
});
