/** `whodisk audit`: who asked for what, and how it ended. A terminal gets the newest, a pipe all of it. */
import type { AuditRecord } from '../audit-record.ts';
import { AUDIT_JSON, NOTHING, renderAudit, renderAuditPlain, renderAuditRecordJson } from '../render/audit.ts';
import { paintFor } from '../render/paint.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store, Unreadable } from '../store/store.ts';
import type { AuditCommand } from './commands.ts';
import { FAILED } from './exit-status.ts';
import { openStored, sayStoreProblem } from './open-stored.ts';
import { openResults } from './results.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { unreadableNotes } from './unreadable-notes.ts';

/** Resolves to the exit status. */
export async function auditCommand(
  command: AuditCommand,
  surroundings: Surroundings,
  streams: Streams,
): Promise<number> {
  const say = sayTo(streams);
  const opened = await openStored(command, surroundings, streams, { mustExist: true });
  if ('exitStatus' in opened) return opened.exitStatus;
  const { store } = opened;
  const results = openResults(streams.stdout, () => {});
  const show = showing(command, surroundings, streams.stdout.isTTY === true);
  const shown = await showAll(store, show, results).finally(() => store.close());
  for (const note of [...store.notes(), ...unreadableNotes(shown.unreadable)]) await say(note);
  const problem = results.problem();
  results.release();
  if (shown.problem !== undefined) return sayStoreProblem(shown.problem, say);
  if (shown.isCut) await say(`older ones: whodisk audit --plain`);
  if (!(problem instanceof Error)) return 0;
  await say(`the output cannot be written: ${problem.message}`);
  return FAILED;
}

/** How records become text, page by page. */
interface Showing {
  readonly mostRecords: number;
  readonly start: string;
  page(records: readonly AuditRecord[], isFirst: boolean): string;
  readonly end: string;
}

function showing({ format }: AuditCommand, { columns, colour }: Surroundings, isTerminal: boolean): Showing {
  if (format === 'json') {
    return {
      mostRecords: Number.POSITIVE_INFINITY,
      start: AUDIT_JSON.start,
      page: (records, isFirst) =>
        records
          .map((record, index) => (isFirst && index === 0 ? '' : AUDIT_JSON.between) + renderAuditRecordJson(record))
          .join(''),
      end: AUDIT_JSON.end,
    };
  }
  if (format === undefined && isTerminal) {
    const terminal = { width: columns, paint: paintFor(colour) };
    return {
      mostRecords: ON_SCREEN,
      start: '',
      page: (records) => renderAudit(records, Date.now(), terminal),
      end: '',
    };
  }
  return {
    mostRecords: Number.POSITIVE_INFINITY,
    start: '',
    page: (records, isFirst) => (isFirst && records.length === 0 ? `${NOTHING}\n` : renderAuditPlain(records)),
    end: '',
  };
}

/** With the two records of a sweep in one line that is a screen or two. */
const ON_SCREEN = 100;
const PAGE = 100;

interface Shown {
  readonly unreadable: readonly Unreadable[];
  /** There are older ones. */
  readonly isCut: boolean;
  readonly problem?: StoreProblem;
}

/** A page at a time: a year of records need not fit into memory, and whoever reads `head` of it waits for a page only. */
async function showAll(store: Store, show: Showing, results: ReturnType<typeof openResults>): Promise<Shown> {
  const unreadable: Unreadable[] = [];
  let left = show.mostRecords;
  let before: string | undefined;
  for (let isFirst = true; ; isFirst = false) {
    const page = await store.audit({ limit: Math.min(PAGE, left), ...(before !== undefined && { before }) });
    if (page instanceof StoreProblem) return { unreadable, isCut: false, problem: page };
    unreadable.push(...page.unreadable);
    await results.write((isFirst ? show.start : '') + show.page(page.records, isFirst));
    left -= page.records.length + page.unreadable.length;
    before = page.before;
    if (before === undefined || left <= 0 || results.problem() !== undefined) break;
  }
  await results.write(show.end);
  return { unreadable, isCut: before !== undefined && left <= 0 };
}
