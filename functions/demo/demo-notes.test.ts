import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StateFolderProblem } from '../state-folder.ts';
import { type DemoNotes, nameOf, openDemoNotes, parseNote } from './demo-notes.ts';
import { ownIdentity, type ProcessIdentity } from './process-identity.ts';

const TOKEN = '0123456789abcdef01234567';
const OWNER: ProcessIdentity = {
  machine: 'c0ffee',
  pid: 4321,
  startTicks: '98765',
  bootId: '01234567-89ab-4cde-8f01-23456789abcd',
  pidNamespace: 'pid:[4026531836]',
};
const NOTE = { version: 1, owner: OWNER, folder: `/tmp/whodisk-demo-${TOKEN}`, madeFolders: 2 };
const text = (change: object): string => JSON.stringify({ ...NOTE, ...change });

describe('a note', () => {
  test('is read as it was written', () => {
    expect(parseNote(JSON.stringify(NOTE), TOKEN)).toEqual({ ...NOTE, token: TOKEN });
  });

  test.each([
    ['no JSON', '{"version":1'],
    ['nothing', ''],
    ['a folder that is not called after its token', text({ folder: '/etc' })],
    ['a folder of another demo', text({ folder: `/tmp/whodisk-demo-${'f'.repeat(24)}` })],
    ['a folder by another way', text({ folder: `/tmp/x/../whodisk-demo-${TOKEN}` })],
    ['a folder that ends with a slash', text({ folder: `/tmp/whodisk-demo-${TOKEN}/` })],
    ['a relative folder', text({ folder: `whodisk-demo-${TOKEN}` })],
    ['a folder with a line break', text({ folder: `/tmp/a\n/whodisk-demo-${TOKEN}` })],
    ['a pid that is none', text({ owner: { ...OWNER, pid: -1 } })],
    ['start ticks that are none', text({ owner: { ...OWNER, startTicks: '1; reboot' } })],
    ['another version', text({ version: 2 })],
    ['more than a demo writes', text({ loop: '/dev/sda' })],
    ['far more folders than a path has', text({ madeFolders: 1000 })],
  ])('is refused with %s', (_, written) => {
    expect(parseNote(written, TOKEN)).toBeUndefined();
  });
});

const own = ownIdentity();
describe.skipIf(own === undefined)('the notes of demos', () => {
  const me = own ?? OWNER;
  let home: string;
  let state: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'whodisk-notes-'));
    state = join(home, 'a', 'state');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const open = (whose: ProcessIdentity = me): DemoNotes => {
    const notes = openDemoNotes(state, whose);
    if (notes instanceof StateFolderProblem) throw new Error(notes.message);
    return notes;
  };
  const gone = { ...me, startTicks: '1' };

  test('are files of this user alone, and nothing is left of the last, nor of the folders that were made for them', () => {
    const notes = open();
    const [first, second] = [notes.begin('/tmp'), open().begin('/tmp')];
    const names = readdirSync(state);
    expect(names.sort()).toEqual([first, second].map(({ token }) => `demo-${token}.json`).sort());
    for (const name of names) expect(statSync(join(state, name)).mode & 0o777).toBe(0o600);
    expect(first.folder).toBe(join('/tmp', nameOf(first.token)));
    notes.end(first);
    expect(existsSync(state)).toBe(true);
    notes.end(second);
    expect(readdirSync(home)).toEqual([]);
  });

  test('leave a folder that was there, and one that holds something else by now', () => {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    open().end(open().begin('/tmp'));
    expect(existsSync(state)).toBe(true);
    rmSync(join(home, 'a'), { recursive: true });
    const note = open().begin('/tmp');
    writeFileSync(join(state, 'pins'), '');
    open().end(note);
    expect(readdirSync(state)).toEqual(['pins']);
  });

  test('of a process that runs are nobody else’s to put back; of one that is gone, and of another boot, they are', () => {
    open().begin('/tmp');
    expect(open().left()).toEqual([]);
    const killed = open(gone).begin('/tmp');
    const before = open({ ...me, bootId: OWNER.bootId }).begin('/tmp');
    // Those of a home that two machines share.
    open({ ...me, machine: 'another', bootId: OWNER.bootId }).begin('/tmp');
    // Its pid cannot be looked up from here.
    open({ ...gone, pidNamespace: 'pid:[1]' }).begin('/tmp');
    expect(
      open()
        .left()
        .map(({ token }) => token)
        .sort(),
    ).toEqual([killed.token, before.token].sort());
  });

  test('are told from what is called like one', () => {
    const notes = open();
    const { token } = notes.begin('/tmp');
    const valid = JSON.stringify({ ...NOTE, owner: gone });
    const file = join(state, `demo-${TOKEN}.json`);
    const isStrange = (): void => {
      expect(notes.strange()).toEqual([file]);
      expect(notes.left()).toEqual([]);
      rmSync(file, { recursive: true });
    };
    writeFileSync(file, '{}', { mode: 0o600 });
    isStrange();
    writeFileSync(file, valid, { mode: 0o600 });
    chmodSync(file, 0o644);
    isStrange();
    writeFileSync(join(home, 'elsewhere'), valid, { mode: 0o600 });
    symlinkSync(join(home, 'elsewhere'), file);
    isStrange();
    mkdirSync(file);
    isStrange();
    writeFileSync(file, `${valid}${' '.repeat(20_000)}`, { mode: 0o600 });
    isStrange();
    writeFileSync(join(state, 'demo-of-mine.json'), '{}');
    expect(notes.strange()).toEqual([]);
    writeFileSync(file, valid, { mode: 0o600 });
    expect(notes.left().map((note) => note.token)).toEqual([TOKEN]);
    expect(token).not.toBe(TOKEN);
  });
});
