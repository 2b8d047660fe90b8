/** Keeps a sweep in the store while it runs. Whatever the store does, the sweep goes on, and its results are shown. */
import type { Report, Sweep, VisitedHost } from '../../runner/report.ts';
import type { AuditRecord } from '../audit-record.ts';
import { inTime } from '../in-time.ts';
import { openStore } from '../store/open.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { StoreWhere } from '../store/where.ts';
import { askedRecord } from '../sweep/asked-record.ts';

export interface Recording {
  add(host: VisitedHost): void;
  /** Resolves when all is stored, or when it is clear or too late that it is not. Never rejects. */
  finish(report: Report): Promise<Recorded>;
}

export interface Recorded {
  /** What a person should know once, a sentence each. */
  readonly notes: readonly string[];
  /** Why the results, or some of them, are not stored: a sentence, and in the next line what to do. */
  readonly problem?: string;
}

export interface RecordingOptions {
  readonly sweep: Sweep;
  /** Of all hosts, and the login name of who asked: for the record of who asked for what. */
  readonly names: readonly string[];
  readonly user: string;
  readonly retentionDays: number;
  /** Epoch; a sweep that has not finished by then is shown as incomplete. */
  readonly closesByMs: number;
  /**
   * Nothing is opened before the sweep is over: on the machine that is looked at, the store's own writes would be among what is
   * measured, and its fsyncs would wait with the victims.
   */
  readonly afterwards: boolean;
  /** false where no host was asked anything, so that the record of who asked for what has nothing to say. */
  readonly isAsked?: boolean;
  /** How long `finish` may take. */
  readonly limitMs: () => number;
}

/** Opens the store, unless that is to be done afterwards, and notes that the sweep runs, and who asked for it. */
export function startRecording(where: StoreWhere, options: RecordingOptions): Recording {
  const { sweep, afterwards } = options;
  const opening = afterwards ? undefined : begin(where, options);
  return {
    add: (host) => {
      // What goes wrong with it is said by finish(), which stores what is not stored yet.
      void opening?.then((store) => (store instanceof StoreProblem ? undefined : store.putHosts(sweep.id, [host])));
    },
    finish: async (report) => {
      // A thread that waits for a disk that hangs would keep this process from ending: nothing can take it back.
      if (afterwards && where.kind === 'embedded' && report.hosts.some(({ verdict }) => verdict === 'hung')) {
        const problem =
          'the results are not stored: a disk of this machine hangs, and the store may be on it\n' +
          'to keep them elsewhere: --store FOLDER or dynamodb:TABLE, from another machine';
        return { notes: [], problem };
      }
      const limitMs = options.limitMs();
      const recorded = await inTime(
        finish(() => begin(where, options), opening, report, options.isAsked ?? true),
        limitMs,
      );
      return recorded === 'late' ? { notes: [], problem: lateProblem(limitMs) } : recorded;
    },
  };
}

async function begin(where: StoreWhere, options: RecordingOptions): Promise<Store | StoreProblem> {
  try {
    const store = await openStore(where, { retentionDays: options.retentionDays, nowMs: Date.now });
    if (store instanceof StoreProblem) return store;
    const { sweep, user, names, isAsked = true } = options;
    const [begun, recorded] = await Promise.all([
      store.beginSweep(sweep, options.closesByMs),
      isAsked ? store.addAudit(askedRecord(sweep, { kind: 'cli', user }, names)) : undefined,
    ]);
    const problem = begun ?? recorded;
    if (problem === undefined) return store;
    await store.close();
    return problem;
  } catch (error) {
    return unforeseen(error);
  }
}

async function finish(
  open: () => Promise<Store | StoreProblem>,
  opening: Promise<Store | StoreProblem> | undefined,
  report: Report,
  isAsked: boolean,
): Promise<Recorded> {
  let store = await (opening ?? open());
  // What could not be had in time while hundreds of hosts answered may well be now.
  if (opening && store instanceof StoreProblem && store.kind === 'deadline') store = await open();
  if (store instanceof StoreProblem) return { notes: [], problem: sentenceOf(store) };
  try {
    const unstored = await store.finishSweep(report);
    const unrecorded = unstored ?? (isAsked ? await store.addAudit(endedRecord(report.sweep)) : undefined);
    const notes = store.notes();
    await store.close();
    if (unstored !== undefined) return { notes, problem: sentenceOf(unstored) };
    return { notes, ...(unrecorded !== undefined && { problem: sentenceOf(unrecorded, NOT_RECORDED) }) };
  } catch (error) {
    return { notes: store.notes(), problem: sentenceOf(unforeseen(error)) };
  }
}

function endedRecord({ id, status, swept, notSwept, finishedAt, startedAt }: Sweep): AuditRecord {
  return { event: 'ended', at: finishedAt ?? startedAt, sweepId: id, status, swept, notSwept };
}

function unforeseen(error: unknown): StoreProblem {
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreProblem('failed', `the store failed in a way that nobody foresaw: ${detail}`, 'please report it');
}

function sentenceOf({ message, mend }: StoreProblem, what = NOT_STORED): string {
  return `${what}: ${message}\n${mend}`;
}

const NOT_STORED = 'the results are not stored';
const NOT_RECORDED = 'the results are stored, and there is no record of how the sweep ended';

const lateProblem = (limitMs: number): string =>
  `the results are not stored: the store was not done within ${limitMs / 1000} s\n` +
  'look at the load of this machine and at the disk that the store is on, or use --store none';
