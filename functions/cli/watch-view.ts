/** What a watch shows, wherever it shows it. */
import type { Report, VisitedHost } from '../../runner/report.ts';
import type { Diff } from '../../runner/triage/diff.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { countChanges, type Noted } from '../render/noted-changes.ts';
import { counted } from '../render/phrases.ts';
import type { ProgressFacts } from './progress.ts';

export interface WatchView {
  /** Above the line that says how far a sweep is. */
  readonly above?: ProgressFacts['above'];
  hostDone(host: VisitedHost): Promise<void>;
  /** A sweep is complete. `since`: the one before and what changed; absent for the first. */
  swept(report: Report, since: { readonly before: Report; readonly diff: Diff } | undefined): Promise<void>;
  /** Once a second between two sweeps. */
  waiting(secondsLeft: number): void;
  /** The next sweep begins, or something else is about to be written. */
  aside(): void;
  /** The last words. `cutOff`: the sweep that an interrupt came into. */
  ended(cutOff: Report | undefined): Promise<void>;
}

/** What a watch remembers. */
export interface WatchMemory {
  last?: Report;
  sweeps: number;
  /** The newest changes last; beyond some hundreds the oldest are gone. */
  noted: readonly Noted[];
  readonly startedAtMs: number;
}

const MOST_NOTED = 500;

/** A sweep is over: what changed is kept where anything did. */
export function remember(memory: WatchMemory, report: Report, diff: Diff | undefined, atMs: number): void {
  memory.last = report;
  memory.sweeps += 1;
  if (diff === undefined || countChanges([{ atMs, diff }]) === 0) return;
  memory.noted = [...memory.noted, { atMs, diff }].slice(-MOST_NOTED);
}

/** "watched for 2.1 min: 5 sweeps, 3 changes". */
export function watchedText({ sweeps, noted, startedAtMs }: WatchMemory, nowMs: number): string {
  const changes = countChanges(noted);
  const what = changes === 0 ? 'no change' : `${inCount(changes)} change${changes === 1 ? '' : 's'}`;
  return `watched for ${inTime(nowMs - startedAtMs)}: ${counted(sweeps, 'sweep')}, ${what}`;
}
