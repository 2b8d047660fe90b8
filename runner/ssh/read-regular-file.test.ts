import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRegularFile } from './read-regular-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-regular-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fifo(): string {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
}

/** In this process. */
function timesOpen(path: string): number {
  const descriptors = readdirSync('/proc/self/fd');
  return descriptors.filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}

describe('a path that settings name', () => {
  test('is read where it is a file, within the size that was allowed', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'abc');
    const read = await readRegularFile(path, { mostBytes: 3 });
    expect(read.kind === 'read' && read.bytes.toString()).toBe('abc');
    expect((await readRegularFile(path, { mostBytes: 2 })).kind).toBe('too-large');
    expect(await readRegularFile(join(folder, 'none'), { mostBytes: 2 })).toMatchObject({ error: { code: 'ENOENT' } });
  });

  test.each([
    ['a pipe that nobody writes to', fifo, 'no-regular-file'],
    ['a folder', () => folder, 'no-regular-file'],
    ['a device without end', () => '/dev/zero', 'no-regular-file'],
    ['/dev/null', () => '/dev/null', 'read'],
  ])('and that is %s is told at once', async (_what, make, kind) => {
    expect((await readRegularFile(make(), { mostBytes: 100 })).kind).toBe(kind);
  });

  test('and that a person names may be a pipe', async () => {
    const path = fifo();
    // A pipe that nobody has open yet is empty at once; what was written to it is lost where nobody has it open any more.
    const held = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const reading = readRegularFile(path, { mostBytes: 100, mayBePipe: true });
    await vi.waitUntil(() => timesOpen(path) === 2);
    await once(spawn('/bin/sh', ['-c', 'echo said > "$0"', path], { stdio: 'ignore' }), 'exit');
    closeSync(held);
    const read = await reading;
    expect(read.kind === 'read' && read.bytes.toString()).toBe('said\n');
  });

  test('and that does not come in time is given up, with the limit', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, Buffer.alloc(64 * 1024 * 1024));
    const read = await readRegularFile(path, { mostBytes: 64 * 1024 * 1024, limitMs: 0 });
    expect(read).toEqual({ kind: 'late', problem: expect.stringContaining('could not be read within 0 s') });
  });
});
