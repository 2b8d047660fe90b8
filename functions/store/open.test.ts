import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { healthyHost, reportOf } from '../../test/findings.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { runApart } from '../../test/store/run-apart.ts';
import { openStore, type StoreOptions } from './open.ts';

vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const openIn = (folder: string, options: Partial<StoreOptions> = {}) =>
  openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now, ...options });

test('who only reads makes nothing: a mistyped folder is said, and is not there afterwards', async () => {
  const typo = path.join(site.folder, 'typo');
  const refused = await openIn(typo, { mustExist: true });
  expect(refused).toMatchObject({ kind: 'nothing-stored', message: `nothing is stored in ${typo} yet` });
  expect(existsSync(typo)).toBe(false);
  mkdirSync(typo, { mode: 0o700 });
  expect(await openIn(typo, { mustExist: true })).toMatchObject({ kind: 'nothing-stored' });
  expect(readdirSync(typo)).toEqual([]);
});

test('who only reads finds what was stored', async () => {
  const report = reportOf([healthyHost('web-1')], { id: nextSweepId() });
  const writer = await site.open();
  must(await writer.finishSweep(report));
  await writer.close();
  const reader = must(await openIn(site.folder, { mustExist: true }));
  expect(must(await reader.sweeps({ limit: 9 })).sweeps.map(({ id }) => id)).toEqual([report.sweep.id]);
  await reader.close();
});

test('where a folder is refused, both options that name another are said', async () => {
  const file = path.join(site.folder, 'file');
  writeFileSync(file, '');
  for (const mustExist of [false, true]) {
    expect(await openIn(file, { mustExist })).toMatchObject({
      kind: 'not-ours',
      mend: expect.stringMatching(/--state DIR or --store PATH$/),
    });
  }
});

test('where too few files may be open, that is what is said, and nothing is thrown', async () => {
  const outcomes: string[] = [];
  // How many are enough differs between versions of Node, and how many it takes to start at all.
  for (const openFiles of [22, 24, 26, 28]) outcomes.push(await openWith(openFiles));
  expect(outcomes).toContain('no-descriptors');
});

async function openWith(openFiles: number): Promise<string> {
  const { said, status } = await runApart(
    `import { openStore } from './functions/store/open.ts';
     const folder = ${JSON.stringify(site.folder)};
     const opened = await openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now });
     console.log(JSON.stringify(opened));`,
    { openFiles },
  );
  expect(status).toBe(0);
  const { kind = 'open', message = '' } = JSON.parse(said);
  expect(['open', 'no-descriptors']).toContain(kind);
  if (kind === 'no-descriptors') expect(message).toMatch(/too few open files .*store(?: \(ulimit -n \d\d\))?$/);
  return kind;
}

test('a process that has no moment to spare is not told that its disk hangs', async () => {
  const opening = openIn(site.folder, { deadlineMs: 300 });
  let isOpen = false;
  void opening.then(() => {
    isOpen = true;
  });
  // As when the answers of hundreds of hosts are parsed: the loop turns, and every turn is long.
  for (const end = performance.now() + 20_000; !isOpen && performance.now() < end; ) {
    const turn = performance.now() + 60;
    while (performance.now() < turn);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const store = must(await opening);
  await store.close();
});

test('a holder in another process that does not answer is named, and how to find it', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(path.join(site.folder, 'store.sock'), resolve));
  const opened = await openIn(site.folder, { deadlineMs: 200 });
  expect(opened).toMatchObject({ kind: 'deadline', mend: expect.stringContaining('fuser -v') });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
