import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type Report, reportSchema } from '../../runner/report.ts';
import { nameOfCaptures } from './capture-files.ts';
import { main } from './main.ts';
import type { Streams } from './streams.ts';

const home = mkdtempSync(join(tmpdir(), 'whodisk-read-'));
afterAll(() => rmSync(home, { recursive: true }));

const TOOLS = ['top', 'iostat', 'pidstat', 'strace', 'lsof'];
const fileOf = (tool: string): string => fileURLToPath(new URL(`../../test/case/${tool}.txt`, import.meta.url));
const FILES = TOOLS.map(fileOf);
const ALL = FILES.map((file) => readFileSync(file, 'utf8')).join('\n');
const CONCLUSION = 'python 18940 saturates sda by logging 300 MB at a time to /tmp/logtest.txt';

async function run(argv: readonly string[], stdin?: string) {
  const texts = { out: '', err: '' };
  const keep = (name: 'out' | 'err') => {
    const stream = new PassThrough();
    stream.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
    return Object.assign(stream, { isTTY: false, columns: 100 });
  };
  const input = new PassThrough();
  if (stdin !== undefined) input.end(stdin);
  const streams: Streams = Object.assign(new EventEmitter(), {
    stdin: input,
    stdout: keep('out'),
    stderr: keep('err'),
    platform: 'linux',
    exit: () => undefined,
  });
  const status = await main(['read', ...argv], { HOME: home }, streams);
  await new Promise(setImmediate);
  return { status, ...texts };
}

function written(name: string, content: string | Uint8Array): string {
  const file = join(home, name);
  writeFileSync(file, content);
  return file;
}

describe('whodisk read', () => {
  test('several files are the captures of one host, shown as a sweep of it', async () => {
    const { status, out, err } = await run([...FILES, '--json']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const report: Report = reportSchema.parse(JSON.parse(out));
    expect(report.sweep).toMatchObject({ trigger: 'cli', status: 'complete', targets: 1, swept: 1, windowSeconds: 1 });
    expect(report.hosts).toMatchObject([
      { rank: 1, host: 'case', status: 'swept', source: 'captures', verdict: 'saturated' },
    ]);
    expect(report.hosts[0]?.summary).toContain(CONCLUSION);
    expect(report.hosts[0]).not.toHaveProperty('privilege');
  });

  test('- is all of it pasted together', async () => {
    const { status, out } = await run(['-'], ALL);
    expect(status).toBe(0);
    expect(out).toContain(`1. stdin: saturated, score 87: ${CONCLUSION}`);
  });

  test('--ndjson is a line for the host and one for the sweep', async () => {
    const { out } = await run([...FILES, '--ndjson']);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['host', 'sweep']);
  });

  test('--fail-on is for scripts, and a finding without a disk is one in part', async () => {
    expect((await run([...FILES, '--fail-on', 'saturated'])).status).toBe(5);
    expect((await run([fileOf('pidstat')])).status).toBe(3);
  });

  test('nothing is kept unless --store says where', async () => {
    await run(FILES);
    expect(() => readFileSync(join(home, '.local', 'state', 'whodisk', 'store'))).toThrow(/ENOENT/);
    const store = join(home, 'kept');
    expect(await run([...FILES, '--store', store])).toMatchObject({ status: 0, err: '' });
    const streamsOf = await explained(store);
    expect(streamsOf).toContain(CONCLUSION);
    expect(streamsOf).toContain('(iostat)');
    expect(streamsOf).not.toContain('(/proc/diskstats)');
  });

  test('what PowerShell wrote as UTF-16, and bytes that are no UTF-8, are read', async () => {
    const utf16 = written('all.txt', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(ALL, 'utf16le')]));
    expect((await run([utf16])).out).toContain(CONCLUSION);
    const latin = written('latin.txt', Buffer.from(ALL.replace(' python ', ' pyth\u00f6n '), 'latin1'));
    expect((await run([latin])).out).toContain('saturates sda');
  });

  test('what is no capture is told by its name, all of it at once', async () => {
    const folder = join(home, 'folder');
    mkdirSync(folder);
    const binary = written('core', Uint8Array.of(127, 69, 76, 70, 0, 1));
    const { status, out, err } = await run([join(home, 'none.txt'), folder, binary]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(
      /none\.txt: there is no such file[\s\S]*folder: it is a folder[\s\S]*core: it holds a NUL byte/,
    );
    const notes = await run([written('notes.md', '# Notes\n'), fileOf('top')]);
    expect(notes).toMatchObject({ status: 2, out: '' });
    expect(notes.err).toMatch(
      /notes\.md: this is not the output of a tool that is known here: top, iostat -x, pidstat -d/,
    );
    expect(await run(['-'], '')).toMatchObject({ status: 2, err: 'whodisk: <stdin> is empty\n' });
  });

  test('more than 16 MiB are refused', async () => {
    const { status, err } = await run([written('huge.txt', Buffer.alloc(2 ** 24 + 1, 'a\n'))]);
    expect({ status, err }).toMatchObject({ status: 2, err: expect.stringContaining('it has more than 16 MiB') });
  });

  test('no raw control character of a capture reaches the screen', async () => {
    const hostile = ALL.replaceAll('/tmp/logtest.txt', '/tmp/\u001b]0;owned\u0007\u009b31m\u202elog').replaceAll(
      ' python',
      ' py\u0001\u007fon',
    );
    for (const format of ['--plain', '--json', '--ndjson']) {
      const { out, err } = await run(['-', format], hostile);
      expect(out, format).toContain('saturates sda');
      expect(out + err, format).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    }
  });

  test('wants a file, and stdin once', async () => {
    expect(await run([])).toMatchObject({ status: 2, err: expect.stringMatching(/wants a FILE.*whodisk sweep read/s) });
    expect(await run(['-', '-'], ALL)).toMatchObject({ status: 2, err: expect.stringContaining('only once') });
    expect(await run(['--window', '5', ...FILES])).toMatchObject({
      status: 2,
      err: expect.stringContaining('--window'),
    });
  });
});

async function explained(store: string): Promise<string> {
  let text = '';
  const stdout = new PassThrough();
  stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const streams: Streams = Object.assign(new EventEmitter(), {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    platform: 'linux',
    exit: () => undefined,
  });
  await main(['explain', 'case', '--store', store], { HOME: home }, streams);
  await new Promise(setImmediate);
  return text;
}

test.each([
  [['/srv/captures/db-7.txt'], 'db-7'],
  [['/srv/db-7/top.txt'], 'db-7'],
  [['/srv/db-7/a.txt', '/srv/db-7/b.txt'], 'db-7'],
  [['top.txt', 'iostat.txt'], 'here'],
  [['-'], 'stdin'],
  [['-', 'db-8.log'], 'db-8'],
])('%j without a name inside are of the host %s', (files, name) => {
  expect(nameOfCaptures(files, '/somewhere/here')).toBe(name);
});
