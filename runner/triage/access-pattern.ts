/**
 * Sequential or random, where the calls in flight say where in the file they are: what lies within about as much of the file as was
 * moved meanwhile is one pass over it, what lies all over it is not. Plain read() and write() go on where the last one ended, unless
 * lseek() comes between: then the position goes further than what was moved.
 */
import type { Activity, Culprit } from './finding.ts';
import type { ProcessLoad } from './loads.ts';
import type { Suspect } from './samples.ts';

const MIN_OFFSETS = 3;
/** Twice what was moved between the looks is still one pass, ten times that is none. */
const ONE_PASS = 2;
const NO_PASS = 10;

/** undefined where nothing tells, or not clearly. */
export function accessPattern({ suspect, process: { io } }: ProcessLoad, activity: Activity): Culprit['pattern'] {
  if (!suspect || (activity !== 'read' && activity !== 'direct-write' && activity !== 'buffered-write'))
    return undefined;
  const kind = activity === 'read' ? 'read' : 'write';
  const movedBytes = kind === 'read' ? io?.readBytes : io?.writtenBytes;
  const byFile = new Map<number, number[]>();
  for (const { value } of suspect.calls) {
    if (value.kind !== kind || value.fd === undefined || value.offsetBytes === undefined) continue;
    byFile.set(value.fd, [...(byFile.get(value.fd) ?? []), value.offsetBytes]);
  }
  const offsets = [...byFile.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  if (new Set(offsets).size >= MIN_OFFSETS && movedBytes !== undefined && movedBytes > 0) {
    const extent = Math.max(...offsets) - Math.min(...offsets);
    // Reads all over a file that is no larger than what was read lie as close together; only one pass goes on and on.
    if (extent <= ONE_PASS * movedBytes) return isAscending(offsets) ? 'sequential' : undefined;
    return extent >= NO_PASS * movedBytes ? 'random' : undefined;
  }
  return offsets.length === 0
    ? byPosition(suspect, kind, kind === 'read' ? io?.readChars : io?.writtenChars)
    : undefined;
}

/** As they were met, one after the other. */
const isAscending = (offsets: readonly number[]): boolean =>
  offsets.every((offset, i) => i === 0 || offset >= (offsets[i - 1] as number));

/** Of what plain calls moved in the window, the position of one file moves by as much: a log, a copy, a scan. By far more: it jumps. */
function byPosition({ files, calls }: Suspect, kind: 'read' | 'write', chars: number | undefined): Culprit['pattern'] {
  const plain = new Set(
    calls
      .filter(({ value }) => value.kind === kind && /^(read|write)v?$/.test(value.name))
      .map(({ value }) => value.fd),
  );
  const moved = Math.max(0, ...files.map(({ fd, movedBytes = 0 }) => (plain.has(fd) ? movedBytes : 0)));
  if (moved === 0) return undefined;
  // A call in flight has moved the position but is not counted yet.
  if (chars === undefined || moved <= ONE_PASS * chars) return 'sequential';
  return moved >= NO_PASS * chars ? 'random' : undefined;
}
