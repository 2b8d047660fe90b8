import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKnownHosts } from '../../runner/ssh/known-hosts-files.ts';
import { createKnownHostsFile } from './known-hosts-file.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'whodisk-known-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('it is private, and there from the beginning: no other file counts, and an empty one vouches for nobody', async () => {
  const place = await createKnownHostsFile(parent);
  expect(statSync(path.dirname(place.file)).mode & 0o777).toBe(0o700);
  expect(statSync(place.file).mode & 0o777).toBe(0o600);
  const read = await readKnownHosts({ file: place.file, homeDirectory: parent });
  expect(read).toMatchObject({ problems: [], files: [{ byName: new Map(), others: [] }] });
});

test('messages call it as the file that a person writes to', async () => {
  const place = await createKnownHostsFile(parent);
  await place.use('i-0000000a ssh-ed25519 AAAA\nnonsense\n');
  const read = await readKnownHosts({ file: place.file, name: place.name, homeDirectory: parent });
  expect(read.mendFile).toBe('known_hosts');
  expect(read.problems.join()).toMatch(/^known_hosts line 1/);
  expect(read.problems.join()).not.toContain(parent);
});

test('it is replaced as a whole, also by those who do it at the same time', async () => {
  const place = await createKnownHostsFile(parent);
  await place.use('i-0000000a ssh-ed25519 AAAA\n');
  expect(readFileSync(place.file, 'utf8')).toBe('i-0000000a ssh-ed25519 AAAA\n');
  const texts = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(10_000));
  await Promise.all(texts.map((text) => place.use(text)));
  expect(texts).toContain(readFileSync(place.file, 'utf8'));
  expect(readdirSync(path.dirname(place.file))).toEqual(['known_hosts']);
});
