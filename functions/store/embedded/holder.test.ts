import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { healthyHost, reportOf, saturatedHost } from '../../../test/findings.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../../../test/store/embedded.ts';
import { openStore } from '../open.ts';
import type { Store } from '../store.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const at = (...names: string[]): string => path.join(site.folder, ...names);
const asideIn = (): string[] => readdirSync(site.folder).filter((name) => name.startsWith('store.corrupt-'));

/** Stores a sweep of two hosts. */
async function put(store: Store): Promise<string> {
  const report = reportOf([saturatedHost('db-1'), healthyHost('web-1')], { id: nextSweepId() });
  must(await store.finishSweep(report));
  return report.sweep.id;
}

const ids = async (store: Store): Promise<string[]> =>
  must(await store.sweeps({ limit: 99 }))
    .sweeps.map(({ id }) => id)
    .reverse();

describe('the holder of the store', () => {
  it('listens on a socket that is private, and leaves none behind', async () => {
    const store = await site.open();
    expect(statSync(at('store.sock')).isSocket()).toBe(true);
    expect(statSync(at('store.sock')).mode & 0o777).toBe(0o600);
    expect(statSync(at('store')).mode & 0o777).toBe(0o700);
    await store.close();
    expect(readdirSync(site.folder)).toEqual(['store']);
  });

  it('is one for the whole process, until the last one that uses it closes', async () => {
    const first = await site.open();
    const second = await site.open();
    const one = await put(first);
    await first.close();
    const two = await put(second);
    const third = await site.open();
    await second.close();
    expect(await ids(third)).toEqual([one, two]);
  });

  it('takes the place of one that was killed, whatever it left there', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(at('x'), resolve));
    renameSync(at('x'), at('store.sock'));
    await new Promise((resolve) => gone.close(resolve));
    writeFileSync(at('store.sock.123.abcdef01'), '');
    expect(statSync(at('store.sock')).isSocket()).toBe(true);
    const store = await site.open();
    const id = await put(store);
    expect(await ids(store)).toEqual([id]);
    expect(readdirSync(site.folder).sort()).toEqual(['store', 'store.sock']);
  });

  it('is found below a path that is too long for a socket', async () => {
    const long = storeSite(path.join(site.folder, 'x'.repeat(100), 'y'.repeat(100)));
    mkdirSync(long.folder, { recursive: true, mode: 0o700 });
    const store = await long.open();
    const id = await put(store);
    expect(await ids(store)).toEqual([id]);
    expect(statSync(path.join(long.folder, 'store.sock')).isSocket()).toBe(true);
    await long.end();
  });

  it('answers after it was closed and opened again, and a closed store says so', async () => {
    const first = await site.open();
    const id = await put(first);
    await first.close();
    expect(await first.sweeps({ limit: 1 })).toMatchObject({ kind: 'closed' });
    expect(await ids(await site.open())).toEqual([id]);
  });

  it('refuses a file or a link in the place of the store', async () => {
    writeFileSync(at('store'), '');
    const opened = await openStore({ kind: 'embedded', folder: site.folder }, { retentionDays: 1, nowMs: Date.now });
    expect(opened).toMatchObject({ kind: 'not-ours' });
    expect(readFileSync(at('store'), 'utf8')).toBe('');
    rmSync(at('store'));
    mkdirSync(at('elsewhere'));
    symlinkSync('elsewhere', at('store'));
    const linked = await openStore({ kind: 'embedded', folder: site.folder }, { retentionDays: 1, nowMs: Date.now });
    expect(linked).toMatchObject({ kind: 'not-ours' });
    expect(readdirSync(at('elsewhere'))).toEqual([]);
  });
});

describe('a damaged store', () => {
  const manifest = (): string =>
    at('store', readdirSync(at('store')).find((name) => name.startsWith('MANIFEST')) ?? '');
  const tables = (): string[] => readdirSync(at('store')).filter((name) => name.endsWith('.ldb'));

  it.each([
    ['CURRENT is rubbish', () => writeFileSync(at('store', 'CURRENT'), 'rubbish')],
    ['CURRENT is missing', () => rmSync(at('store', 'CURRENT'))],
    ['the manifest is missing', () => rmSync(manifest())],
    ['the manifest is rubbish', () => writeFileSync(manifest(), Buffer.alloc(500, 0xff))],
    ['the manifest is empty', () => truncateSync(manifest(), 0)],
    ['a table is missing', () => rmSync(at('store', tables()[0] ?? 'none'))],
  ])('is set aside with all that is in it, and said, when %s', async (_what, damage) => {
    for (let i = 0; i < 2; i++) {
      const store = await site.open();
      await put(store);
      await store.close();
    }
    expect(tables()).not.toEqual([]);
    damage();
    const left = readdirSync(at('store')).filter((name) => !name.startsWith('LO'));

    const store = await site.open();
    const [aside = ''] = asideIn();
    expect(store.notes()).toEqual([expect.stringContaining(at(aside))]);
    expect(readdirSync(at(aside))).toEqual(expect.arrayContaining(left));
    const id = await put(store);
    expect(await ids(store)).toEqual([id]);
    expect(asideIn()).toHaveLength(1);
    await store.close();
    const again = await site.open();
    expect(again.notes()).toEqual([]);
    expect(await ids(again)).toEqual([id]);
  });

  it('is a problem to a reader, and is set aside by the next writer, when it is damaged under way', async () => {
    const before = await site.open();
    const report = reportOf([saturatedHost('db-1'), healthyHost('web-1')], { id: nextSweepId() });
    must(await before.finishSweep(report));
    await before.close();
    const store = await site.open();
    for (const name of tables()) {
      const file = at('store', name);
      const bytes = readFileSync(file);
      // The index and the footer at the end stay, so that it still opens.
      bytes.fill(0xff, 0, Math.floor(bytes.length * 0.5));
      writeFileSync(file, bytes, { flag: 'r+' });
    }
    expect(await store.finding(report.sweep.id, 'db-1')).toMatchObject({ kind: 'corrupt' });
    expect(asideIn()).toEqual([]);
    must(await store.finishSweep(report));
    expect(asideIn()).toHaveLength(1);
    expect(store.notes()).toEqual([expect.stringContaining('set aside')]);
    expect(await ids(store)).toEqual([report.sweep.id]);
    expect(must(await store.allRows(report.sweep.id)).rows).toHaveLength(2);
  });
});
