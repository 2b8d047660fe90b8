/** The keys that `--host-keys accept-new` took for the first time: a known_hosts file of our own, read in every sweep. */
import { open } from 'node:fs/promises';
import { type KnownHostsFile, typeOfBlob } from './known-hosts.ts';
import { readKnownHostsFile } from './known-hosts-files.ts';

export interface Pins {
  readonly path: string;
  /** What it held at the beginning of the sweep; undefined where there was none. */
  readonly file: KnownHostsFile | undefined;
  /** What could not be read and which lines were passed over, one sentence each. */
  readonly problems: readonly string[];
  /** A key that was taken earlier in this sweep. @param name as known_hosts spells it */
  readonly takenInThisSweep: (name: string) => Buffer | undefined;
  /**
   * Keeps a key that the host has proved to hold. Of two hosts with one name the first wins. Never rejects: where it cannot be
   * kept, the answer says why, as the second half of a sentence.
   */
  readonly keep: (name: string, blob: Buffer) => Promise<Kept>;
}

export type Kept =
  | { readonly kind: 'kept' }
  /** Another key was taken for this name in the meantime. */
  | { readonly kind: 'differs' }
  | { readonly kind: 'not-kept'; readonly problem: string };

/** The file may be missing; the folder must exist when a key is to be kept. */
export async function openPins(path: string): Promise<Pins> {
  const { file, problems, isMissing, isLastLineOpen } = await readKnownHostsFile(path);
  const isUnreadable = file === undefined && !isMissing;
  const taken = new Map<string, Buffer>();
  const written = new Map<string, Promise<Kept>>();
  let before = isLastLineOpen ? '\n' : '';

  const write = async (name: string, blob: Buffer): Promise<Kept> => {
    const notKept = (problem: string): Kept => ({ kind: 'not-kept', problem });
    // A name that means something else in known_hosts, such as a pattern, would vouch for other hosts too.
    if (!/^[^\s,*?!|@#\p{Cc}]+$/u.test(name)) return notKept('cannot be kept: its name does not fit into known_hosts');
    // Beside what we cannot read there may be another key of this very host.
    if (isUnreadable) return notKept(`cannot be kept: ${problems[0] ?? `${path} cannot be read`}`);
    const line = Buffer.from(`${before}${name} ${typeOfBlob(blob)} ${blob.toString('base64')}\n`);
    before = '';
    try {
      // O_APPEND and one write: two sweeps at once never mix their lines (write(2)).
      const handle = await open(path, 'a', 0o600);
      try {
        const { bytesWritten } = await handle.write(line);
        if (bytesWritten < line.length) return notKept(`cannot be kept: ${path} is full`);
      } finally {
        await handle.close();
      }
    } catch (error) {
      return notKept(`cannot be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
    taken.set(name, blob);
    return { kind: 'kept' };
  };
  return {
    path,
    file,
    problems,
    takenInThisSweep: (name) => taken.get(name),
    keep: async (name, blob) => {
      const first = written.get(name);
      if (first === undefined) {
        const writing = write(name, Buffer.from(blob));
        written.set(name, writing);
        return writing;
      }
      const kept = await first;
      if (kept.kind !== 'kept') return kept;
      return taken.get(name)?.equals(blob) ? kept : { kind: 'differs' };
    },
  };
}
