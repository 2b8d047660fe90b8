import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetSettledNames, setAside } from './set-aside.ts';

let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-aside-'));
  store = path.join(folder, 'store');
  mkdirSync(store);
  writeFileSync(path.join(store, '000005.ldb'), 'what was found');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inode = (): bigint => statSync(store, { bigint: true }).ino;
const NOON = Date.UTC(2018, 11, 5, 12, 0, 0);

test('a damaged store is moved to a name that says when, with all that is in it', () => {
  const where = setAside(folder, inode(), NOON);
  expect(path.basename(where ?? '')).toMatch(/^store\.corrupt-2018-12-05T12-00-00\.000Z-\d+$/);
  expect(readFileSync(path.join(where ?? '', '000005.ldb'), 'utf8')).toBe('what was found');
  expect(existsSync(store)).toBe(false);
});

test('who finds the same damage a moment later does not move the fresh store away', () => {
  const damaged = inode();
  setAside(folder, damaged, NOON);
  mkdirSync(store);
  writeFileSync(path.join(store, 'CURRENT'), 'fresh');
  expect(setAside(folder, damaged, NOON + 86_400_000)).toBeUndefined();
  expect(readFileSync(path.join(store, 'CURRENT'), 'utf8')).toBe('fresh');
  expect(readdirSync(folder).filter((name) => name.startsWith('store.corrupt-'))).toHaveLength(1);
});

test('a second damage is set aside beside the first', () => {
  setAside(folder, inode(), NOON);
  mkdirSync(store);
  writeFileSync(path.join(store, '000007.ldb'), 'more');
  expect(setAside(folder, inode(), NOON)).toBeDefined();
  expect(readdirSync(folder).filter((name) => name.startsWith('store.corrupt-'))).toHaveLength(2);
});

test('names that were settled are forgotten after a day, and not before', () => {
  const settled = path.join(folder, `store.set-aside-${inode()}`);
  setAside(folder, inode(), NOON);
  forgetSettledNames(folder, Date.now());
  expect(existsSync(settled)).toBe(true);
  utimesSync(settled, new Date(NOON), new Date(NOON));
  forgetSettledNames(folder, Date.now());
  expect(existsSync(settled)).toBe(false);
});
