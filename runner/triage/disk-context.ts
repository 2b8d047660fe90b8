/** What a culprit's evidence is weighed against: the disk that it is named for. */
import type { Mount } from '../proc/mountinfo.ts';
import type { CourseSamples } from './culprit-course.ts';
import type { DiskActivity } from './samples.ts';
import type { Sources } from './sources.ts';

export interface DiskContext {
  readonly activity: DiskActivity;
  readonly unexplainedShare: number;
  /** Of its bytes, what was waiting in memory before the window and has been written in it. */
  readonly drainedShare?: number;
  /** Whole devices whose files count for this disk: itself and what stands on it. */
  readonly devices: readonly string[];
  /** So many flushes that bytes alone do not tell who loads the disk. */
  readonly flushBound: boolean;
  readonly mounts?: readonly Mount[];
  readonly samples?: CourseSamples;
  readonly sources: Sources;
  /** What keeps every name on this host from high confidence. */
  readonly doubts?: readonly string[];
}
