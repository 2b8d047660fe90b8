/**
 * What a demo notes down before it makes anything, so that the next one can put it back where it was killed. One file a demo, of mode 0600
 * in the state folder. It holds no list of what to undo: all that a demo makes is called after its token, so the token is enough to find it,
 * and a file that somebody has tampered with can name nothing else.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { openStateFolder, StateFolderProblem } from '../state-folder.ts';
import { isGone, type ProcessIdentity, processIdentity } from './process-identity.ts';

const demoNote = z.strictObject({
  version: z.literal(1),
  owner: processIdentity,
  /** The folder of the demo: absolute, called after the token. */
  folder: z.string().max(4096),
  /** How many folders were made to have a place for the notes: the state folder itself and so many above it. */
  madeFolders: z.int().min(0).max(64),
});
export interface DemoNote extends z.infer<typeof demoNote> {
  readonly token: string;
}

export interface DemoNotes {
  /** Notes a demo of this process down. The folder is not made. @throws Error where that cannot be, or could not be read again */
  begin(parent: string): DemoNote;
  /** Those whose process is gone. */
  left(): DemoNote[];
  /** Files that are called like a note, and that no demo has written so. */
  strange(): string[];
  /** The note, and the folders that were made for notes where they are empty. */
  end(note: DemoNote): void;
}

const NAME = /^demo-([0-9a-f]{24})\.json$/u;
const LONGEST_BYTES = 16 * 1024;

/** What all things of a demo are called. */
export const nameOf = (token: string): string => `whodisk-demo-${token}`;

/** A note as it was read, or undefined where no demo writes such a one. Pure. */
export function parseNote(text: string, token: string): DemoNote | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const note = demoNote.safeParse(value).data;
  if (note === undefined) return undefined;
  const { folder } = note;
  const isPlain = path.resolve(folder) === folder && !/[\0\n]/u.test(folder);
  return isPlain && path.basename(folder) === nameOf(token) ? { ...note, token } : undefined;
}

/** @param stateFolder absolute; made where it is missing, and judged as that of the store is */
export function openDemoNotes(stateFolder: string, own: ProcessIdentity): DemoNotes | StateFolderProblem {
  const missing = missingLevels(stateFolder);
  const opened = openStateFolder(stateFolder, 'XDG_STATE_HOME=DIR');
  if (opened instanceof StateFolderProblem) return opened;
  const fileOf = (token: string): string => path.join(opened.path, `demo-${token}.json`);
  const read = (): { file: string; note: DemoNote | undefined }[] =>
    readdirSync(opened.path).flatMap((name) => {
      const token = NAME.exec(name)?.[1];
      if (token === undefined) return [];
      const text = readOwn(fileOf(token));
      return text === 'gone' ? [] : [{ file: fileOf(token), note: parseNote(text, token) }];
    });
  const notes = (): DemoNote[] => read().flatMap(({ note }) => note ?? []);
  return {
    begin: (parent) => {
      const token = randomBytes(12).toString('hex');
      // The last demo removes what the first one made.
      const madeFolders = Math.max(missing, ...notes().map((note) => note.madeFolders));
      const note = { version: 1, owner: own, folder: path.join(parent, nameOf(token)), madeFolders } as const;
      const text = JSON.stringify(note);
      if (parseNote(text, token) === undefined)
        throw new Error(`${JSON.stringify(parent)} is no name for a folder of it`);
      // Whole or not at all, since another demo may be looking.
      writeFileSync(`${fileOf(token)}.new`, text, { mode: 0o600, flag: 'wx' });
      renameSync(`${fileOf(token)}.new`, fileOf(token));
      return { ...note, token };
    },
    left: () => notes().filter(({ owner }) => isGone(owner, own)),
    strange: () => read().flatMap(({ file, note }) => (note === undefined ? [file] : [])),
    end: ({ token, madeFolders }) => {
      rmSync(fileOf(token), { force: true });
      removeEmpty(stateFolder, madeFolders);
    },
  };
}

/** Its text; '' where it is nothing that a demo of this user has written. */
function readOwn(file: string): string | 'gone' {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : '';
  }
  try {
    const { uid, mode, size } = fstatSync(fd);
    const isOwn = uid === process.getuid?.() && (mode & 0o170_077) === constants.S_IFREG && size <= LONGEST_BYTES;
    return isOwn ? readFileSync(fd, 'utf8') : '';
  } finally {
    closeSync(fd);
  }
}

function missingLevels(folder: string): number {
  let levels = 0;
  for (let one = folder; !existsSync(one) && one !== path.dirname(one); one = path.dirname(one)) levels += 1;
  return levels;
}

function removeEmpty(folder: string, levels: number): void {
  try {
    for (let level = 0, one = folder; level < levels; level += 1, one = path.dirname(one)) rmdirSync(one);
  } catch {
    // Somebody else uses it by now.
  }
}
