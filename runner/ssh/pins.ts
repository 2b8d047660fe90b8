/** The keys that `--host-keys accept-new` took for the first time: a known_hosts file of our own, read in every sweep. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { typeOfBlob } from './key-blob.ts';
import type { KnownHostsFile, KnownKey } from './known-hosts.ts';
import { readKnownHostsFile } from './known-hosts-files.ts';
import { underLock } from './lock-file.ts';

export interface Pins {
  readonly path: string;
  /** What it held at the beginning of the sweep; undefined where there was none. */
  readonly file: KnownHostsFile | undefined;
  /** What could not be read and which lines were passed over, one sentence each. */
  readonly problems: readonly string[];
  /** A key that was taken earlier in this sweep. @param name as known_hosts spells it */
  readonly takenInThisSweep: (name: string) => Buffer | undefined;
  /**
   * Keeps a key that the host has proved to hold. Of two hosts with one name the first wins, in whichever of the sweeps that run at
   * once it was seen. Never rejects: where it cannot be kept, the answer says why, as the second half of a sentence.
   */
  readonly keep: (name: string, blob: Buffer) => Promise<Kept>;
}

export type Kept =
  | { readonly kind: 'kept' }
  /** Another key was taken for this name in the meantime; `line` is where another sweep wrote it, absent where it was this one. */
  | { readonly kind: 'differs'; readonly line?: KnownKey }
  | { readonly kind: 'not-kept'; readonly problem: string };

/** The file may be missing; the folder must exist when a key is to be kept. */
export async function openPins(path: string): Promise<Pins> {
  const { file, problems, isMissing } = await readKnownHostsFile(path);
  const isUnreadable = file === undefined && !isMissing;
  const taken = new Map<string, Buffer>();
  const written = new Map<string, Promise<Kept>>();
  const current = new CurrentFile(path);
  let earlier: Promise<unknown> = Promise.resolve();

  const write = async (name: string, blob: Buffer): Promise<Kept> => {
    // A name that means something else in known_hosts, such as a pattern, would vouch for other hosts too.
    if (!/^[^\s,*?!|@#\p{Cc}]+$/u.test(name)) return notKept('its name does not fit into known_hosts');
    // Beside what we cannot read there may be another key of this very host.
    if (isUnreadable) return notKept(problems[0] ?? `${path} cannot be read`);
    try {
      const kept = await underLock(`${path}.lock`, () => current.keep(name, blob));
      if (kept.kind === 'kept') taken.set(name, blob);
      return kept;
    } catch (error) {
      return notKept(error instanceof Error ? error.message : String(error));
    }
  };
  /** One after the other: they would only wait for each other's lock. */
  const writeInTurn = (name: string, blob: Buffer): Promise<Kept> => {
    const writing = earlier.then(() => write(name, blob));
    earlier = writing;
    return writing;
  };
  return {
    path,
    file,
    problems,
    takenInThisSweep: (name) => taken.get(name),
    keep: async (name, blob) => {
      const first = written.get(name);
      if (first === undefined) {
        const writing = writeInTurn(name, Buffer.from(blob));
        written.set(name, writing);
        return writing;
      }
      const kept = await first;
      if (kept.kind !== 'kept') return kept;
      return taken.get(name)?.equals(blob) ? kept : { kind: 'differs' };
    },
  };
}

function notKept(why: string): Kept {
  return { kind: 'not-kept', problem: `cannot be kept: ${why}` };
}

/** The file as it is now, to be used under the lock: another sweep may have added to it. */
class CurrentFile {
  readonly #path: string;
  /** Of the text that `#file` was made of, and of what we have added since; undefined where it is to be read. */
  #mark: string | undefined;
  #file: KnownHostsFile | undefined;
  #isLastLineOpen = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects with what the system says. */
  async keep(name: string, blob: Buffer): Promise<Kept> {
    const problem = await this.#refresh();
    if (problem !== undefined) return notKept(problem);
    const first = this.#file?.byName.get(name)?.find(({ marker }) => marker === 'none')?.key;
    if (first !== undefined) return first.blob.equals(blob) ? { kind: 'kept' } : { kind: 'differs', line: first };
    const before = this.#isLastLineOpen ? '\n' : '';
    const line = Buffer.from(`${before}${name} ${typeOfBlob(blob)} ${blob.toString('base64')}\n`);
    // O_APPEND and one write: two sweeps at once never mix their lines (write(2)).
    const handle = await open(this.#path, 'a', 0o600);
    try {
      this.#mark = undefined;
      const { bytesWritten } = await handle.write(line);
      if (bytesWritten < line.length) return notKept(`${this.#path} is full`);
      this.#mark = markOf(await handle.stat());
      this.#isLastLineOpen = false;
    } finally {
      await handle.close();
    }
    return { kind: 'kept' };
  }

  /** Why it cannot be read. What we have added ourselves is not read again: `Pins` knows it. */
  async #refresh(): Promise<string | undefined> {
    const found = await stat(this.#path).catch(() => undefined);
    const mark = found === undefined ? undefined : markOf(found);
    if (mark !== undefined && mark === this.#mark) return undefined;
    const { file, problems, isMissing, isLastLineOpen } = await readKnownHostsFile(this.#path);
    if (file === undefined && !isMissing) return problems[0] ?? `${this.#path} cannot be read`;
    this.#file = file;
    this.#isLastLineOpen = isLastLineOpen;
    this.#mark = mark;
    return undefined;
  }
}

function markOf({ ino, size, mtimeMs }: Awaited<ReturnType<FileHandle['stat']>>): string {
  return `${ino} ${size} ${mtimeMs}`;
}
