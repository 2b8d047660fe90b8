/** The embedded store among several processes, other users, and disks that are full or cannot be written. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../functions/store/open.ts';
import { reportOf, saturatedHost } from '../findings.ts';
import { run } from '../lab/kernel.ts';
import { type Lab, openLab } from '../lab/session.ts';
import { needs } from '../needs.ts';
import { buildProgram, type Program } from '../store/build-program.ts';
import { violationsOf } from '../store/check-stored.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../store/embedded.ts';
import { holderAmong, startWriter, type Writer } from '../store/writers.ts';
import { writtenHost } from '../store/written-host.ts';

const linux = needs('linux');
const mounts = needs('root', 'linux', 'mount');
const otherUser = needs('root', 'linux', 'util-linux');

let program: Program;
beforeAll(async () => {
  program = await buildProgram(new URL('../store/writer.ts', import.meta.url));
});
afterAll(() => program.remove());

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const asideIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('store.corrupt-'));

async function expectWhole(writers: readonly Writer[]): Promise<void> {
  for (const writer of writers) {
    expect(await writer.ended, writer.said.join('\n')).toBe(0);
    expect(writer.said.at(-1)).toMatch(/^(finished|note .*)$/);
    expect(writer.said.filter((line) => line.startsWith('stderr'))).toEqual([]);
  }
  const store = await site.open();
  expect(await violationsOf(store, writers)).toEqual([]);
  await store.close();
}

describe.skipIf(linux.skip)('several processes on one store', () => {
  it('all store what they have, those that end hand over to those that go on', async () => {
    const counts = [10, 60, 120, 200];
    await expectWhole(counts.map((count, i) => startWriter(program.file, site.folder, `w${i}`, count)));
    expect(readdirSync(site.folder)).toEqual(['store']);
  });

  it('that find it damaged at once set it aside once', async () => {
    const before = await site.open();
    must(await before.finishSweep(reportOf([saturatedHost('db-1')], { id: nextSweepId() })));
    await before.close();
    writeFileSync(path.join(site.folder, 'store', 'CURRENT'), 'rubbish');
    await expectWhole([1, 2, 3, 4].map((i) => startWriter(program.file, site.folder, `w${i}`, 30)));
    expect(asideIn(site.folder)).toHaveLength(1);
  });

  it('say within their deadline that the one that holds it does not answer, and go on when it does again', async () => {
    const writer = startWriter(program.file, site.folder, 'w', 4000);
    while (writer.stored.size < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(holderAmong([writer])).toBe(writer);
    writer.process.kill('SIGSTOP');
    const began = performance.now();
    const where = { kind: 'embedded', folder: site.folder } as const;
    const refused = await openStore(where, { retentionDays: 1, nowMs: Date.now, deadlineMs: 700 });
    expect(refused).toMatchObject({ kind: 'deadline', mend: expect.stringContaining('fuser') });
    expect(performance.now() - began).toBeLessThan(3000);
    writer.process.kill('SIGCONT');
    const store = await site.open();
    expect(must(await store.sweeps({ limit: 1 })).sweeps).toHaveLength(1);
    writer.process.kill('SIGKILL');
    await writer.ended;
    expect(must(await store.sweeps({ limit: 1 })).sweeps).toHaveLength(1);
  });
});

describe.skipIf(otherUser.skip)('another user of the machine', () => {
  /** What a program of the user nobody prints. */
  function asNobody(program: string): string {
    const words = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', program];
    const { stdout, stderr } = spawnSync('setpriv', words, { encoding: 'utf8' });
    return stdout + stderr;
  }

  it('cannot connect to the store, read it, or put anything in its place', async () => {
    const store = await site.open();
    must(await store.finishSweep(reportOf([saturatedHost('db-1')], { id: nextSweepId() })));
    const at = (...names: string[]): string => JSON.stringify(path.join(site.folder, ...names));
    const connect = (address: string): string =>
      `require('net').connect(${address}).on('connect', () => console.log('IN')).on('error', (e) => console.log(e.code))`;
    expect(asNobody(connect(at('store.sock')))).toBe('EACCES\n');
    const attempts = [
      `fs.readdirSync(${at()})`,
      `fs.readFileSync(${at('store', 'CURRENT')})`,
      `fs.writeFileSync(${at('store.sock.1.1')}, '')`,
      `fs.renameSync(${at()}, ${at()} + '.x')`,
    ];
    for (const attempt of attempts) {
      const said = asNobody(`try { ${attempt}; console.log('IN') } catch (e) { console.log(e.code) }`);
      expect(said, attempt).toMatch(/^(EACCES|EPERM)\n$/);
    }
    // The socket and the files keep others out by themselves too, were the folder opened by mistake while it is in use.
    chmodSync(site.folder, 0o711);
    expect(asNobody(connect(at('store.sock')))).toBe('EACCES\n');
    expect(asNobody(`try { fs.readFileSync(${at('store', 'CURRENT')}) } catch (e) { console.log(e.code) }`)).toBe(
      'EACCES\n',
    );
    const opened = await openStore({ kind: 'embedded', folder: site.folder }, { retentionDays: 1, nowMs: Date.now });
    expect(opened).toMatchObject({ kind: 'not-ours', mend: expect.stringContaining('chmod 700') });
    chmodSync(site.folder, 0o700);
  });
});

describe.skipIf(mounts.skip)('a disk', () => {
  let lab: Lab;
  let disk: StoreSite;
  let mountpoint: string;
  beforeEach(() => {
    lab = openLab();
    mountpoint = path.join(lab.folder, 'small');
    mkdirSync(mountpoint);
    lab.note({ kind: 'mount', path: mountpoint });
    run('mount', '-t', 'tmpfs', '-o', 'size=6M,mode=700', 'whodisk-lab', mountpoint);
    disk = storeSite(path.join(mountpoint, 'state'));
  });
  afterEach(async () => {
    await disk.end();
    lab.close();
  });

  const sweepOf = (count: number) => {
    const id = nextSweepId();
    return reportOf(
      Array.from({ length: count }, (_, i) => writtenHost(id, `db-${i}`)),
      { id },
    );
  };

  it('that fills up is a problem in time, costs nothing that was there, and is written again when there is room', async () => {
    const store = await disk.open();
    const first = sweepOf(50);
    must(await store.finishSweep(first));
    const fill = path.join(mountpoint, 'fill');
    spawnSync('dd', ['if=/dev/zero', `of=${fill}`, 'bs=4k']);

    const second = sweepOf(300);
    const began = performance.now();
    expect(await store.finishSweep(second)).toMatchObject({ kind: 'no-space', mend: expect.stringContaining('df -h') });
    // Asked again it is the same, not worse.
    expect(await store.finishSweep(second)).toMatchObject({ kind: 'no-space' });
    expect(performance.now() - began).toBeLessThan(10_000);

    rmSync(fill);
    expect(must(await store.sweeps({ limit: 9 })).sweeps).toEqual([first.sweep]);
    const { rank: _, ...host } = must(first.hosts.find((one) => one.host === 'db-7')) ?? {};
    expect(must(await store.finding(first.sweep.id, 'db-7'))).toEqual(host);
    must(await store.finishSweep(second));
    await store.close();
    const again = await disk.open();
    expect(must(await again.sweeps({ limit: 9 })).sweeps).toEqual([second.sweep, first.sweep]);
    expect(must(await again.allRows(second.sweep.id)).rows).toHaveLength(300);
    expect(must(await again.allRows(first.sweep.id)).rows).toHaveLength(50);
    expect(again.notes()).toEqual([]);
    expect(asideIn(disk.folder)).toEqual([]);
  });

  it('that is read-only is a problem, and never a reason to set the store aside', async () => {
    const store = await disk.open();
    must(await store.finishSweep(sweepOf(3)));
    await store.close();
    run('mount', '-o', 'remount,ro', mountpoint);
    const opened = await openStore({ kind: 'embedded', folder: disk.folder }, { retentionDays: 1, nowMs: Date.now });
    run('mount', '-o', 'remount,rw', mountpoint);
    expect(opened).toMatchObject({ kind: 'not-writable' });
    expect(readdirSync(disk.folder)).toEqual(['store']);
    const again = await disk.open();
    expect(must(await again.sweeps({ limit: 9 })).sweeps).toHaveLength(1);
  });
});
