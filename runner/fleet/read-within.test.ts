import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWithin } from './read-within.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-within-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const makePipe = (name: string): string => {
  const file = path.join(folder, name);
  execFileSync('mkfifo', [file]);
  return file;
};
/** One that has a writer, which writes nothing. */
const openPipe = (name: string): { file: string; close: () => void } => {
  const file = makePipe(name);
  const writer = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  return { file, close: () => closeSync(writer) };
};
const textOf = async (file: string, most = 1024): Promise<string> => {
  const read = await readWithin(file, most);
  return read.kind === 'bytes' ? Buffer.from(read.bytes).toString() : JSON.stringify(read);
};
const shell = (script: string, file: string) => spawn('/bin/sh', ['-c', script, 'sh', file], { stdio: 'ignore' });

describe('what somebody named', () => {
  test('is read as a file, and given up where it is too long', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'a\n');
    expect(await readWithin(file, 2)).toMatchObject({ kind: 'bytes', uid: process.getuid?.(), mode: 0o100644 });
    truncateSync(file, 2 ** 20 + 1);
    expect(await readWithin(file, 2 ** 20)).toEqual({ kind: 'unreadable', message: 'it has more than 1 MiB.' });
    expect(await readWithin(folder, 1)).toEqual({ kind: 'folder' });
    expect(await textOf('/dev/null')).toBe('');
  });

  test('is refused where it is another device or a socket', async () => {
    const socket = path.join(folder, 'socket');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    for (const file of ['/dev/zero', '/dev/full', socket]) {
      expect(await textOf(file)).toContain('neither a file nor a pipe');
    }
    server.close();
  });

  test('may be a pipe, whose writer takes its time', async () => {
    const { file, close } = openPipe('slow');
    const writer = shell('exec > "$1"; sleep 0.2; echo db1; sleep 0.2; echo db2', file);
    const reading = textOf(file);
    await once(writer, 'exit');
    close();
    expect(await reading).toBe('db1\ndb2\n');
  });

  test.skipIf(process.platform !== 'linux')("may be the pipe of a shell's <( )", async () => {
    const holder = spawn('/bin/sh', ['-c', "(sleep 0.2; echo db1) | sh -c 'echo $$; exec sleep 9'"], {
      detached: true,
    });
    const [child] = await once(holder.stdout, 'data');
    expect(await textOf(`/proc/${String(child).trim()}/fd/0`)).toBe('db1\n');
    process.kill(-(holder.pid ?? 0), 'SIGKILL');
  });

  test('is empty at once where it is a pipe without a writer', async () => {
    expect(await textOf(makePipe('lonely'))).toBe('');
  });

  test('is given up where it is a pipe without an end', async () => {
    const { file, close } = openPipe('endless');
    const writer = shell('exec cat /dev/zero > "$1"', file);
    expect(await textOf(file, 2 ** 20)).toContain('more than 1 MiB');
    writer.kill('SIGKILL');
    close();
  });

  test('holds nothing else up where it is a pipe that stays silent', async () => {
    const { file, close } = openPipe('silent');
    // The pool has four threads (UV_THREADPOOL_SIZE).
    const reading = Array.from({ length: 8 }, () => textOf(file));
    expect(await textOf(path.join(folder, 'file'), 2 ** 21)).toHaveLength(2 ** 20 + 1);
    close();
    expect(await Promise.all(reading)).toEqual(Array(8).fill(''));
  });
});
