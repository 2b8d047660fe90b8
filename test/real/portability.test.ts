import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { type BundleRun, type RootedHost, rootedCommand, runBundle, withFolder } from './bundle-host.ts';
import { startShellWriter, type Writer } from './bundle-writer.ts';

const need = needs('root', 'util-linux', 'mount', 'procps', 'dash', 'bash', 'busybox', 'mawk', 'gawk');

const MATRIX: RootedHost[] = (['dash', 'bash', 'busybox'] as const).flatMap((shell) =>
  (['mawk', 'gawk', 'busybox', 'none'] as const).map((awk) => ({ shell, awk, tools: 'gnu' as const })),
);

/** A kernel without mnt_id and ino in fdinfo, without pressure files, with eleven counters in diskstats, and an old release. */
const RHEL_7 = `mv bin/head bin/head-of-today
printf '%s\\n' '#!/bin/sh' '/bin/head-of-today "$@" | grep -v -e ^mnt_id: -e ^ino:' >bin/head; chmod 755 bin/head
mkdir old; echo 3.10.0-1160.el7.x86_64 >old/osrelease; printf '   8       0 sda 100 2 3000 40 500 6 7000 80 0 90 100\\n' >old/diskstats
mount --bind old/osrelease proc/sys/kernel/osrelease; mount --bind old/diskstats proc/diskstats
if [ -e proc/pressure ]; then mount -t tmpfs none proc/pressure; fi`;

let writer: Writer;
beforeAll(async () => {
  if (!need.skip) writer = await startShellWriter();
});
afterAll(async () => {
  await writer?.stop();
});

function suspectOf(run: BundleRun) {
  return run.capture?.samples.suspects.find(({ pid }) => pid === writer.pid);
}

function expectWhole(run: BundleRun): void {
  expect(run.stderr).toBe('');
  expect(run.reader.end).toEqual({ complete: true, reason: '' });
  expect(run.reader.damaged).toBe(0);
  expect(run.capture?.samples.limits.filter((limit) => limit.includes('malformed'))).toEqual([]);
  expect(run.leftRunning()).toEqual([]);
}

describe.skipIf(need.skip)('the bundle in a read-only root', () => {
  test.each(MATRIX)('finds a writer and its open file with $shell and awk: $awk', async (host) => {
    const run = await withFolder((folder) => runBundle({ command: rootedCommand(host, folder) }));
    expectWhole(run);
    expect(run.capture?.samples.disks.length).toBeGreaterThan(0);
    const row = run.capture?.samples.processes.find(({ pid }) => pid === writer.pid);
    expect(row).toMatchObject({ seen: 'pair', isKernelThread: false });
    expect(row?.io?.writtenBytes).toBeGreaterThan(1_000_000);
    const file = suspectOf(run)?.files.find(({ fd, path }) => fd === 5 && path === writer.file);
    expect(file).toMatchObject({ deleted: false });
    expect(file?.mountId).toBeGreaterThan(0);
    expect(run.capture?.samples.mounts.some(({ id }) => id === file?.mountId)).toBe(true);
    expect(run.capture?.hostCpuMs).toBeGreaterThanOrEqual(0);
  });

  test('finds them on a host that is busybox and nothing else', async () => {
    const host: RootedHost = { shell: 'busybox', awk: 'busybox', tools: 'busybox' };
    const run = await withFolder((folder) => runBundle({ command: rootedCommand(host, folder) }));
    expectWhole(run);
    expect(suspectOf(run)?.files.map(({ path }) => path)).toContain(writer.file);
  });

  test('finds them on a kernel without mnt_id and pressure, with short diskstats', async () => {
    const host: RootedHost = { shell: 'bash', awk: 'gawk', tools: 'gnu', prepare: RHEL_7 };
    const run = await withFolder((folder) => runBundle({ command: rootedCommand(host, folder) }));
    expectWhole(run);
    expect(run.capture?.samples.kernel).toBe('3.10.0-1160.el7.x86_64');
    expect(run.capture?.samples.disks.map(({ device }) => device)).toEqual(['sda']);
    const file = suspectOf(run)?.files.find(({ path }) => path === writer.file);
    expect(file).toBeDefined();
    expect(file?.mountId).toBeUndefined();
    const longest = run.capture?.samples.mounts.filter(({ mountpoint }) => writer.file.startsWith(mountpoint));
    expect(longest?.length).toBeGreaterThan(0);
  });

  test('sees the processes of its own user where hidepid hides the others, and says that it is unprivileged', async () => {
    const host: RootedHost = {
      shell: 'dash',
      awk: 'mawk',
      tools: 'gnu',
      uid: 64_901,
      prepare: 'umount -R proc; mount -t proc -o hidepid=2 whodisk-proc proc',
    };
    const run = await withFolder((folder) => runBundle({ command: rootedCommand(host, folder) }));
    expectWhole(run);
    expect(run.capture?.samples.privilege).toBe('user');
    expect(run.capture?.samples.disks.length).toBeGreaterThan(0);
    expect(suspectOf(run)).toBeUndefined();
  });
});
