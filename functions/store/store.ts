/** What the rest of whodisk asks of a store, whichever it is. Open one with openStore (open.ts). */
import type { Host, Report, Sweep, VisitedHost } from '../../runner/report.ts';
import type { Verdict } from '../../runner/triage/finding.ts';
import type { Pattern } from '../../runner/triage/patterns.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import type { StoreProblem } from './problem.ts';

/** Something stored that cannot be read; the rest of the answer stands. */
export interface Unreadable {
  /** The sweep's id or the host's name. */
  readonly what: string;
  readonly why: string;
}

export interface SweepDetail {
  readonly sweep: Sweep;
  /** Empty until the sweep is finished. */
  readonly patterns: readonly Pattern[];
  /** The hosts' names, worst first: a host's rank is its place. Empty until the sweep is finished. */
  readonly order: readonly string[];
}

export interface StoredFinding {
  readonly sweepId: string;
  readonly host: VisitedHost;
}

/**
 * Every answer may be a StoreProblem instead, and comes within the store's deadline for each request that it takes. What has expired is
 * not there. Ids of sweeps are ULIDs, so that "newest first" is their order.
 */
export interface Store {
  /**
   * Notes that a sweep runs. Said again it changes nothing, nor does it make a finished sweep run again.
   *
   * @param closesByMs epoch; a sweep that is not finished by then is shown as "incomplete"
   */
  beginSweep(sweep: Sweep, closesByMs: number): Promise<StoreProblem | undefined>;

  /**
   * Stores hosts of a sweep, together with those of other calls in the next moment: call it as each host finishes. It resolves when they are
   * stored, and never rejects, so it need not be awaited. A host that is given again replaces itself. One that was interrupted before
   * anything was known of it is left to `finishSweep`.
   */
  putHosts(sweepId: string, hosts: readonly (VisitedHost | Host)[]): Promise<StoreProblem | undefined>;

  /**
   * Stores hosts of the report that are not stored yet, then the sweep as the report has it: nobody sees a finished sweep of which
   * hosts are missing. Said again it changes nothing.
   */
  finishSweep(report: Report): Promise<StoreProblem | undefined>;

  /** Newest first. A long `asked` is cut, and its last entry says how many there were. `before`: the id that the next page goes on from. */
  sweeps(page: {
    limit: number;
    before?: string;
  }): Promise<{ sweeps: Sweep[]; unreadable: Unreadable[]; before?: string } | StoreProblem>;

  /** undefined where there is none of this id. */
  sweep(id: string): Promise<SweepDetail | undefined | StoreProblem>;

  /** Worst first. In DynamoDB a row may come a second late: for all rows right after a sweep take `allRows`. */
  ranking(
    sweepId: string,
    page: { limit: number; cursor?: string; verdict?: Verdict },
  ): Promise<{ rows: RankingRow[]; unreadable: Unreadable[]; cursor?: string } | StoreProblem>;

  /** Every row of a sweep, worst first. */
  allRows(sweepId: string): Promise<{ rows: RankingRow[]; unreadable: Unreadable[] } | StoreProblem>;

  /** A host's history, newest first, without sweeps that were interrupted before its turn. `before`: the sweep's id that the next page goes on from. */
  findings(
    host: string,
    page: { limit: number; before?: string },
  ): Promise<{ findings: StoredFinding[]; unreadable: Unreadable[]; before?: string } | StoreProblem>;

  /** undefined where that sweep has no such host. */
  finding(sweepId: string, host: string): Promise<VisitedHost | undefined | StoreProblem>;

  /** What a person should know once: that a damaged store was set aside, and where it is. */
  notes(): string[];

  /** Waits for what is being stored, and hands the embedded store over to whoever uses it next. Never fails, and is never long. */
  close(): Promise<void>;
}
