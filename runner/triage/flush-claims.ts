/**
 * Who asks for the flushes of a disk that flushes and small writes wear out: thousands of commits move few bytes, so bytes name the
 * wrong one. Every fsync() that changed something makes the file system commit and the disk empty its cache (fs/ext4/fsync.c,
 * block/blk-flush.c), and whoever calls it is met in it.
 */
import { bareRow } from './bare-row.ts';
import type { LedgerRow } from './ledger.ts';
import { nameOfLoad } from './load-name.ts';
import type { ProcessLoad } from './loads.ts';
import { isStream } from './placement.ts';
import type { DiskActivity } from './samples.ts';
import type { Sources } from './sources.ts';
import { inCount } from './words.ts';

/** A journal by itself commits every five seconds (fs/jbd2, JBD2_DEFAULT_MAX_COMMIT_AGE). */
const MANY_FLUSHES_PER_SECOND = 3;
/** One flush or more for so many writes. */
const WRITES_PER_FLUSH = 12;
const SMALL_WRITE_BYTES = 64 * 1024;

/** So many flushes, and so small the writes between them, that bytes do not tell who loads the disk. */
export function isFlushBound({ flushes = 0, writes, writeBytes, readBytes, elapsedMs }: DiskActivity): boolean {
  const many = (flushes * 1000) / elapsedMs >= MANY_FLUSHES_PER_SECOND;
  return (
    many && writes <= flushes * WRITES_PER_FLUSH && writeBytes <= writes * SMALL_WRITE_BYTES && readBytes <= writeBytes
  );
}

/** Less of the flushes than this in calls of its own, and it may be a victim that waits in one. */
const MIN_CALLS_PART = 0.05;
/** One fsync() empties the cache twice at most, before the commit and after it (fs/jbd2/commit.c), and follows a write or more. */
const FLUSHES_PER_WRITE = 2;
/** On a CPU: less than one fsync() after another needs. */
const NO_WORK_MS = 1;

/** Empty where nobody was met in a call that flushes this disk. */
export function flushClaims(
  loads: readonly ProcessLoad[],
  rows: readonly LedgerRow[],
  activity: DiskActivity,
  devices: readonly string[],
  sources: Sources,
): LedgerRow[] {
  const { flushes = 0 } = activity;
  const byLoad = new Map(rows.map((row) => [row.load, row]));
  const found = loads.flatMap((load) => {
    const looks = flushLooks(load, devices);
    const { io } = load.process;
    // What is written through a map or a ring is in no counter of calls.
    const counts = io !== undefined && io.writeCalls > 0;
    if (looks === 0 || waitsInOne(load) || (counts && io.writeCalls < flushes * MIN_CALLS_PART)) return [];
    const mayBeAll = !counts || io.writeCalls * FLUSHES_PER_WRITE >= flushes;
    return [{ load, looks, counts, mayBeAll }];
  });
  const all = found.reduce((sum, { looks }) => sum + looks, 0);
  return found
    .map(({ load, looks, counts, mayBeAll }) => {
      const share = looks / all;
      const { suspect } = load;
      const { io } = load.process;
      const isHigh = mayBeAll && ((counts && looks >= 2) || (looks >= 3 && share >= 0.5));
      return {
        ...(byLoad.get(load) ?? bareRow(load)),
        share,
        isPlaced: true,
        ownPart: 1,
        claim: {
          shareOf: 'flushes' as const,
          activity: 'fsync' as const,
          confidence: isHigh ? ('high' as const) : ('medium' as const),
          lacks: [
            looks < 2 ? 'it was met only once in a call that flushes' : undefined,
            io === undefined || io.writeCalls === 0
              ? 'its writes are in no counter of calls'
              : !mayBeAll
                ? `${nameOfLoad(load)} made only ${inCount(io.writeCalls)} writes for ${inCount(flushes)} flushes`
                : undefined,
          ].filter((text) => text !== undefined),
          evidence: [
            `met ${sources.times(looks, suspect?.samples ?? 0)} in a call that flushes ${activity.device}, which empties its cache ${Math.round((flushes * 1000) / activity.elapsedMs)} times a second (${sources.calls(load.process.pid)}, ${sources.disk})`,
          ],
        },
      };
    })
    .sort((a, b) => b.share - a.share);
}

/** It wrote nothing and used no CPU while it was looked at: it sits in one call all the time. */
const waitsInOne = ({ suspect }: ProcessLoad): boolean =>
  suspect?.spent?.chargedBytes?.write === 0 && suspect.spent.cpuTicks === 0 && (suspect.ranMs ?? 0) < NO_WORK_MS;

/** sync() and syncfs() flush what others wrote: who sits in them is a victim. */
function flushLooks({ suspect, files }: ProcessLoad, devices: readonly string[]): number {
  const here = new Map(files.filter(({ device }) => devices.includes(device)).map(({ file }) => [file.fd, file]));
  // Which mapping it is about msync() does not say: one needs a file that is open both ways, of which none may be elsewhere.
  const mayBeMapped = files.filter(
    ({ file }) => !isStream(file) && (!file.mode || (file.mode.reads && file.mode.writes)),
  );
  const isMappedHere = mayBeMapped.length > 0 && mayBeMapped.every(({ file }) => here.has(file.fd));
  let looks = 0;
  for (const { count, value } of suspect?.calls ?? []) {
    const file = value.fd === undefined ? undefined : here.get(value.fd);
    const flushes = value.kind === 'sync' && value.name !== 'sync' && value.name !== 'syncfs';
    if (flushes && (file !== undefined || (value.name === 'msync' && isMappedHere))) looks += count;
    if (value.kind === 'write' && file?.mode?.sync) looks += count;
  }
  return looks;
}
