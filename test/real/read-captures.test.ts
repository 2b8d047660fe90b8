import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { type Lab, openLab } from '../lab/session.ts';
import { createSlowDisk, SLOW_DISK_NEEDS, type SlowDisk } from '../lab/slow-disk.ts';
import { untilBusy } from '../lab/watch-disk.ts';
import { rotatingLogger, type Workload } from '../lab/workloads.ts';
import { needs } from '../needs.ts';
import { diskOf, reportOf, runWhodisk } from './whodisk-command.ts';

const need = needs(...SLOW_DISK_NEEDS, 'linux', 'lsof', 'procps', 'strace', 'sysstat');
const MIB = 1024 * 1024;
/** strace waits for a task that is in a long write(), and shows what follows. */
const STRACE_SECONDS = 25;

/** What a tool prints on both ways out, below the prompt after which it was called; ended by SIGINT, as by Ctrl-C. */
function pasted(line: string, seconds: number): Promise<string> {
  const [tool = '', ...words] = line.split(' ');
  const child = spawn(tool, words, { env: { ...process.env, LC_ALL: 'C', TERM: 'dumb' } });
  let text = `# ${line}\n`;
  const keep = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const timer = setTimeout(() => child.kill('SIGINT'), seconds * 1000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** By the averages of pidstat(1): it wrote, and took nothing back. */
function writesOn(pidstat: string, pid: number): boolean {
  const averages = pidstat.split('\n').map((line) => line.trim().split(/\s+/));
  const [, , , , written, cancelled] = averages.find(([what, , of]) => what === 'Average:' && of === String(pid)) ?? [];
  return Number(written) > 0 && Number(cancelled) === 0;
}

describe.skipIf(need.skip)('captures of the real tools, on a disk that a rotating logger saturates', () => {
  let lab: Lab;
  let disk: SlowDisk;
  let logger: Workload;
  const captures: Record<string, string> = {};

  beforeAll(async () => {
    lab = openLab();
    disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
    logger = await rotatingLogger(lab, join(disk.mountpoint, 'logtest.txt'), 300 * MIB);
    await untilBusy(disk.device);
    const traced = pasted(`strace -p ${logger.pid}`, STRACE_SECONDS);
    // Seconds in which it begins its file anew show what it takes back, and little of what it writes.
    for (let tries = 0; tries < 4 && !writesOn(captures['pidstat'] ?? '', logger.pid); tries++) {
      const [top, iostat, pidstat] = await Promise.all([
        pasted('top -b -n 2 -d 1', 20),
        pasted('iostat -x -d 1 5', 20),
        pasted('pidstat -d 1 4', 20),
      ]);
      Object.assign(captures, { top, iostat, pidstat });
    }
    Object.assign(captures, {
      lsof: await pasted(`lsof -p ${logger.pid}`, 20),
      strace: await traced,
    });
  }, 180_000);

  afterAll(() => lab?.close());

  async function read(...tools: string[]): Promise<VisitedHost> {
    const report = reportOf(
      await runWhodisk(['read', '-', '--json'], { input: tools.map((tool) => captures[tool]).join('\n') }),
    );
    const [host] = report.hosts;
    if (!host) throw new Error('no host');
    return host;
  }

  test('all of them, pasted together, name the logger, its file and the size of its writes', async () => {
    const host = await read('top', 'iostat', 'pidstat', 'strace', 'lsof');
    const found = diskOf(host, disk.device);
    expect(found.verdict).toBe('saturated');
    expect(found.culprits).toMatchObject([
      {
        pid: logger.pid,
        confidence: 'high',
        activity: 'buffered-write',
        files: [{ path: join(disk.mountpoint, 'logtest.txt') }],
      },
    ]);
    expect(found.culprits[0]?.ioSizeBytes).toBeGreaterThanOrEqual(300 * MIB);
    expect(host.summary).toMatch(/by logging 300 MB at a time to .*logtest\.txt/);
  });

  test('without strace and lsof nobody is named surely, and the disk is saturated all the same', async () => {
    const found = diskOf(await read('iostat', 'pidstat'), disk.device);
    expect(found.verdict).toBe('saturated');
    expect(found.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });
});
