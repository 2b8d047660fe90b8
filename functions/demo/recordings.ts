/**
 * Answers of real saturated hosts, recorded with names of nobody and played under the nonce of whoever asks. What each of them shows was
 * true once and is no more: their names begin with "recorded", and so every screen says it; their notes say it once more.
 */
import { readFileSync } from 'node:fs';

export interface RecordedHost {
  readonly name: string;
  /** The answer as it went over the wire, END included, under NONCE_IN_RECORDINGS. */
  readonly file: URL;
}

export const RECORDED_HOSTS: readonly RecordedHost[] = [
  // A service that logs 300 MB at a time.
  { name: 'recorded-app-1', file: new URL('./recorded-app-1.txt', import.meta.url) },
  // One of many threads of a java.
  { name: 'recorded-app-2', file: new URL('./recorded-app-2.txt', import.meta.url) },
  // Two writers, either of which would do.
  { name: 'recorded-batch-1', file: new URL('./recorded-batch-1.txt', import.meta.url) },
  // No memory left: it swaps.
  { name: 'recorded-batch-2', file: new URL('./recorded-batch-2.txt', import.meta.url) },
  // The writer has gone, and the disk still works at what it left.
  { name: 'recorded-batch-3', file: new URL('./recorded-batch-3.txt', import.meta.url) },
  // A container.
  { name: 'recorded-ci-1', file: new URL('./recorded-ci-1.txt', import.meta.url) },
  // A database that commits one row at a time.
  { name: 'recorded-db-1', file: new URL('./recorded-db-1.txt', import.meta.url) },
  // Direct writes with libaio, which show in no system call.
  { name: 'recorded-db-2', file: new URL('./recorded-db-2.txt', import.meta.url) },
  // A table that does not fit into the page cache.
  { name: 'recorded-db-3', file: new URL('./recorded-db-3.txt', import.meta.url) },
  // A disk that answers no more.
  { name: 'recorded-nas-1', file: new URL('./recorded-nas-1.txt', import.meta.url) },
  // Busy all the time, and well.
  { name: 'recorded-web-1', file: new URL('./recorded-web-1.txt', import.meta.url) },
];

/** As long as a nonce, so that no length of a frame changes when one takes its place. */
const NONCE_IN_RECORDINGS = 'deadbeef'.repeat(4);

/** @param nonce 32 lower-case hex digits, of the run that asks */
export function playedAnswer({ file }: RecordedHost, nonce: string): Buffer {
  return Buffer.from(readFileSync(file, 'latin1').replaceAll(NONCE_IN_RECORDINGS, nonce), 'latin1');
}
