/** What the rest of whodisk asks of a store, whichever it is. Open one with openStore (open.ts). */
import type { Host, Report, Sweep, VisitedHost } from '../../runner/report.ts';
import type { Verdict } from '../../runner/triage/finding.ts';
import type { Pattern } from '../../runner/triage/patterns.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import type { AuditRecord } from '../audit-record.ts';
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

/** What a service keeps of a sweep from when it is asked for until its results are told. */
export interface StoredJob {
  readonly id: string;
  /** What was given to `openJob`, through JSON: to be checked by whoever reads it. */
  readonly job: unknown;
  /** Shards whose hosts are all stored. */
  readonly doneShards: ReadonlySet<number>;
  /** By shard, how many of its hosts are done, and how many of these were not swept. */
  readonly progress: ReadonlyMap<number, ShardProgress>;
  readonly isCancelled: boolean;
}

export interface ShardProgress {
  readonly done: number;
  readonly notSwept: number;
}

/** A token of the HTTP API; the token itself is nowhere stored. */
export interface StoredToken {
  /** A ULID: when it was made, and what `token revoke` takes. */
  readonly id: string;
  readonly name: string;
  readonly scope: 'read' | 'run' | 'admin';
  /** SHA-256 of the token, in hex. */
  readonly hash: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly revokedAt?: string | undefined;
}

/** The configuration that a service shares, as the table has it. */
export interface ConfigStamp {
  /** Of the whole configuration: while it is the same, so is that. */
  readonly hash: string;
  /** Epoch: when it was read from its files last, whether or not it had changed. */
  readonly checkedAtMs: number;
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

  /**
   * Takes a name for a time, if nobody else has it: a host's turn, an idempotency key, a message that is to be told once. Of callers at the
   * same time exactly one gets it. Who has it may take it again, for longer or for less.
   *
   * @param holder told to whoever comes second
   * @param untilMs epoch; from then on the name is free
   * @returns the holder: one's own, or who has it
   */
  claim(name: string, holder: string, untilMs: number): Promise<{ readonly holder: string } | StoreProblem>;
  /** Who has a name now, and nothing is written: also for those whom nobody knows. undefined where nobody has it. */
  claimed(name: string): Promise<string | undefined | StoreProblem>;
  /** Gives a name back before its time; nothing happens where somebody else has it. */
  release(name: string, holder: string): Promise<StoreProblem | undefined>;

  /** Keeps what is to be done. Said again it changes nothing. `job` is JSON. */
  openJob(sweepId: string, job: unknown): Promise<StoreProblem | undefined>;
  /** undefined where there is none, or it is closed. */
  job(sweepId: string): Promise<StoredJob | undefined | StoreProblem>;
  /** Whether it was cancelled; undefined where there is none, or it is closed. Much cheaper than the job where that has many hosts. */
  jobState(sweepId: string): Promise<{ readonly isCancelled: boolean } | undefined | StoreProblem>;
  /** The ids of all that are open, oldest first. */
  openJobs(): Promise<readonly string[] | StoreProblem>;
  /** Notes that the hosts of a shard are all stored; said again it changes nothing. @returns how many shards are done, 0 where the job is closed */
  shardDone(sweepId: string, shard: number): Promise<number | StoreProblem>;
  /** Replaces what was noted of this shard; nothing happens where the job is closed. */
  shardProgress(sweepId: string, shard: number, progress: ShardProgress): Promise<StoreProblem | undefined>;
  /** @returns whether there was a job to cancel */
  cancelJob(sweepId: string): Promise<boolean | StoreProblem>;
  /** Forgets the job: what was to be done is done, and told. */
  closeJob(sweepId: string): Promise<StoreProblem | undefined>;

  /** Whether this host of this sweep is stored. Cheaper than its finding. */
  hasHost(sweepId: string, host: string): Promise<boolean | StoreProblem>;
  /** Changes the status of a sweep that has one of these. @returns whether it had */
  moveSweep(sweepId: string, from: readonly Sweep['status'][], to: Sweep['status']): Promise<boolean | StoreProblem>;
  /**
   * Ends a sweep whose hosts are stored already; `hosts` are those of which there is no finding (they become names in its body, as hosts
   * of an interrupted sweep do), `order` all of them, worst first. @returns false where it had been ended before
   */
  closeSweep(
    sweep: Sweep,
    rest: {
      readonly patterns: readonly Pattern[];
      readonly order: readonly string[];
      readonly hosts: readonly VisitedHost[];
    },
  ): Promise<boolean | StoreProblem>;

  /** Adds to the record of who asked for what. Said again it changes nothing. */
  addAudit(record: AuditRecord): Promise<StoreProblem | undefined>;
  /** Newest first; what was asked and how it ended stand together. `before`: what the next page goes on from. */
  audit(page: {
    limit: number;
    before?: string;
  }): Promise<{ records: AuditRecord[]; unreadable: Unreadable[]; before?: string } | StoreProblem>;

  addToken(token: StoredToken): Promise<StoreProblem | undefined>;
  /** Also one that was revoked; undefined where there is none of this hash. */
  tokenOf(hash: string): Promise<StoredToken | undefined | StoreProblem>;
  /** Oldest first, the revoked ones too. */
  tokens(): Promise<readonly StoredToken[] | StoreProblem>;
  /** @returns false where there is none of this hash, or it was revoked before */
  revokeToken(hash: string, revokedAt: string): Promise<boolean | StoreProblem>;

  /**
   * Replaces the configuration that a service shares, or says that it is still the same. Of callers at the same time one wins; readers have
   * either the old one or the new one, whole. @param config JSON
   */
  putConfig(config: unknown): Promise<'published' | 'unchanged' | StoreProblem>;
  /** One small item, for whoever has the configuration of this hash already; undefined where none was published. */
  configStamp(): Promise<ConfigStamp | undefined | StoreProblem>;
  /** `config` is what was given to `putConfig`, through JSON: to be checked by whoever reads it. */
  config(): Promise<(ConfigStamp & { readonly config: unknown }) | undefined | StoreProblem>;

  /** What a person should know once: that a damaged store was set aside, and where it is. */
  notes(): string[];

  /** Waits for what is being stored, and hands the embedded store over to whoever uses it next. Never fails, and is never long. */
  close(): Promise<void>;
}
