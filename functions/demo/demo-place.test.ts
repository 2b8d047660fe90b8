import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StateFolderProblem } from '../state-folder.ts';
import { openDemoNotes } from './demo-notes.ts';
import { type DemoPlace, openDemoPlace } from './demo-place.ts';
import { ownIdentity } from './process-identity.ts';

const own = ownIdentity();

describe.skipIf(own === undefined)('the place of a demo', () => {
  let home: string;
  let parent: string;
  let stateFolder: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'whodisk-place-')));
    parent = join(home, 'tmp');
    stateFolder = join(home, 'state');
    mkdirSync(parent);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const open = (given: { stateFolder?: string; hasLoad?: boolean; ended?: AbortSignal } = {}) =>
    openDemoPlace({
      parent,
      stateFolder,
      path: '/usr/bin:/bin',
      hasLoad: false,
      ended: new AbortController().signal,
      ...given,
    });
  const opened = async (given: Parameters<typeof open>[0] = {}): Promise<DemoPlace> => {
    const place = await open(given);
    if (place instanceof StateFolderProblem) throw new Error(place.message);
    return place;
  };
  /** As kill -9 leaves one: noted down, and its folder there. */
  const killed = (): string => {
    const notes = own && openDemoNotes(stateFolder, { ...own, startTicks: '1' });
    if (notes === undefined || notes instanceof StateFolderProblem) throw new Error('no notes');
    return notes.begin(parent).folder;
  };

  test('is a name in a folder, and leaves nothing', async () => {
    const place = await opened();
    expect(readdirSync(parent)).toEqual([]);
    mkdirSync(place.folder);
    writeFileSync(join(place.folder, 'token'), '');
    await place.leave();
    await place.leave();
    expect(readdirSync(home)).toEqual(['tmp']);
  });

  test('is one of several: none takes away what another still uses', async () => {
    const first = await opened();
    mkdirSync(first.folder);
    const second = await opened();
    expect(second.said).toEqual([]);
    expect(existsSync(first.folder)).toBe(true);
    mkdirSync(second.folder);
    await first.leave();
    expect(existsSync(second.folder)).toBe(true);
  });

  test('puts back what one that was killed has left, and says so in a line', async () => {
    const folder = killed();
    mkdirSync(join(folder, 'state'), { recursive: true });
    const place = await opened();
    expect(place.said).toEqual([`a demo was killed, and what it left is put back: ${folder}`]);
    expect(existsSync(folder)).toBe(false);
    expect((await opened()).said).toEqual([]);
  });

  test('says nothing of one that was killed before it had made anything', async () => {
    killed();
    expect((await opened()).said).toEqual([]);
    expect(readdirSync(stateFolder)).toHaveLength(1);
  });

  test('follows no link that lies where a folder was', async () => {
    mkdirSync(join(home, 'precious'));
    writeFileSync(join(home, 'precious', 'thing'), '');
    symlinkSync(join(home, 'precious'), killed());
    await opened();
    expect(readdirSync(join(home, 'precious'))).toEqual(['thing']);
  });

  test('is there without a home too, but not for a load, which has more to put back', async () => {
    writeFileSync(join(home, 'file'), '');
    const nowhere = { stateFolder: join(home, 'file', 'state') };
    const place = await opened(nowhere);
    mkdirSync(place.folder);
    await place.leave();
    expect(readdirSync(parent)).toEqual([]);
    expect(await open({ ...nowhere, hasLoad: true })).toMatchObject({
      mend: expect.stringContaining('XDG_STATE_HOME=DIR'),
    });
  });

  test('is nowhere where others could put something else in its place', async () => {
    chmodSync(parent, 0o777);
    expect(await open()).toMatchObject({ message: expect.stringContaining('can be changed by others') });
    expect(readdirSync(home)).toEqual(['tmp']);
    chmodSync(parent, 0o1777);
    expect(await open()).not.toBeInstanceOf(StateFolderProblem);
  });

  test('is not noted down under a name that is not found again, and so has no load there', async () => {
    parent = join(home, 'a\nb');
    mkdirSync(parent);
    expect(await open({ hasLoad: true })).toBeInstanceOf(StateFolderProblem);
    const place = await opened();
    mkdirSync(place.folder);
    expect(await place.leave()).toBeUndefined();
    expect(readdirSync(parent)).toEqual([]);
  });

  test('does not wait for what others have left where it is ended itself', async () => {
    const folder = killed();
    mkdirSync(folder);
    const place = await opened({ ended: AbortSignal.abort() });
    expect([place.said, existsSync(folder)]).toEqual([[], true]);
    await place.leave();
    await opened();
    expect(existsSync(folder)).toBe(false);
  });

  test('names a note that no demo has written, and leaves it alone', async () => {
    const place = await opened();
    const file = join(stateFolder, `demo-${'0'.repeat(24)}.json`);
    writeFileSync(file, '{"folder":"/etc"}', { mode: 0o600 });
    expect((await opened()).said).toEqual([expect.stringContaining(file)]);
    expect(existsSync(file)).toBe(true);
    await place.leave();
  });
});
