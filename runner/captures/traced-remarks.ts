/** What strace shows beside the calls that count: writes to what nobody knows, logs that are rotated. Sentences of evidence. */
import type { OpenFile } from '../triage/samples.ts';
import { inBytes, inCount } from '../triage/words.ts';
import type { Traced } from './strace.ts';

/** The largest call on a descriptor of which nobody says what it is. */
export function unknownCalls(traced: Traced | undefined, files: ReadonlyMap<number, OpenFile>): string[] {
  const [largest] = (traced?.calls ?? [])
    .filter(({ kind, fd, lengthBytes }) => kind === 'write' && fd !== undefined && lengthBytes && !files.has(fd))
    .sort((a, b) => (b.lengthBytes ?? 0) - (a.lengthBytes ?? 0));
  if (!largest) return [];
  return [
    `${largest.name}(fd ${largest.fd}, ${inCount(largest.lengthBytes ?? 0)} bytes) was seen (strace); what fd ${largest.fd} is, no capture says`,
  ];
}

/** A log that is rotated has its own name and a number, or is given one. */
export function rotations(traced: Traced | undefined, files: readonly OpenFile[]): string[] {
  const found = new Map<string, string>();
  for (const { call, path, bytes } of traced?.looks ?? []) {
    const log = files.find((file) => path.length > file.path.length + 1 && path.startsWith(file.path));
    if (!log || !/^[.-]\d{1,14}/u.test(path.slice(log.path.length)) || found.size >= MOST_ROTATIONS) continue;
    const size = bytes === undefined ? '' : `, ${inBytes(bytes)}`;
    found.set(path, `${call}() of ${path}${size} (strace): ${log.path} is a log that is rotated`);
  }
  return [...found.values()];
}

const MOST_ROTATIONS = 3;
