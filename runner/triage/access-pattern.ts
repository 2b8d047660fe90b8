/**
 * Sequential or random, where the calls in flight say where in the file they are: what lies within about as much of the file as was
 * moved meanwhile is one pass over it, what lies all over it is not. Plain read() and write() go on where the last one ended.
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
    if (extent <= ONE_PASS * movedBytes) return 'sequential';
    return extent >= NO_PASS * movedBytes ? 'random' : undefined;
  }
  return offsets.length === 0 && movesOn(suspect, kind) ? 'sequential' : undefined;
}

/** Its position moves with plain calls: a log, a copy, a scan. */
function movesOn({ files, calls }: Suspect, kind: 'read' | 'write'): boolean {
  const plain = new Set(
    calls
      .filter(({ value }) => value.kind === kind && /^(read|write)v?$/.test(value.name))
      .map(({ value }) => value.fd),
  );
  return files.some(({ fd, movedBytes = 0 }) => movedBytes > 0 && plain.has(fd));
}
