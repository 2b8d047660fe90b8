/** What names of objects in S3 become as files. Anybody who may write there chooses them, so none leads out of the folder. Pure. */
import { shown } from '../../runner/ssh/shown.ts';

export interface NamedObject {
  /** Without the prefix, such as inventories/web.ini. */
  readonly name: string;
  readonly bytes: number;
}

export const MOST_FILES = 200;
/** As an inventory may be large (runner/fleet/inventory-file.ts). */
export const MOST_FILE_BYTES = 16 * 1024 * 1024;
/** The function that reads them has no more room than is good for its memory. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Why these objects are no folder with a configuration, a sentence; undefined where they are. */
export function filesProblem(objects: readonly NamedObject[]): string | undefined {
  if (objects.length > MOST_FILES)
    return `there are more than ${MOST_FILES} files: give the configuration a prefix of its own.`;
  const odd = objects.find(({ name }) => !isFileName(name));
  if (odd !== undefined) return `${shown(odd.name)} is no name of a file below it: rename it, or take it away.`;
  const large = objects.find(({ bytes }) => bytes > MOST_FILE_BYTES);
  if (large !== undefined) return `${shown(large.name)} has more than ${MOST_FILE_BYTES / 2 ** 20} MiB.`;
  const all = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all > MOST_BYTES) return `the files have more than ${MOST_BYTES / 2 ** 20} MiB together.`;
  const names = new Set(objects.map(({ name }) => name));
  const twice = objects.find(({ name }) => foldersOf(name).some((folder) => names.has(folder)));
  if (twice !== undefined) return `${shown(twice.name)} lies in what is a file itself: rename one of the two.`;
  return undefined;
}

/** "a/b/c" lies in "a/b" and in "a". */
const foldersOf = (name: string): string[] => {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
};

function isFileName(name: string): boolean {
  if (/[\p{Cc}\p{Cs}\\]/u.test(name)) return false;
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255);
}
