/** `whodisk diff [SWEEP] [SWEEP]`: what is new, worse, better and gone. */
import type { Sweep } from '../../runner/report.ts';
import { diffOf } from '../../runner/triage/diff.ts';
import { renderDiff, renderDiffPlain } from '../render/diff.ts';
import { renderDiffJson } from '../render/json.ts';
import { nextAfterDiff } from '../render/next-command.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { earlierOf, hasEnded, SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import { type Look, Missing } from './look.ts';

/** Fewer characters of an id would often be several sweeps'. */
const LEAST_OF_ID = 4;

/** The text, what is missing, or why the store cannot be read. */
export async function diffText(words: readonly string[], look: Look): Promise<string | Missing | StoreProblem> {
  const { store, format, terminal, nowMs } = look;
  const pair = await pairOf(words, store);
  if (pair instanceof Missing || pair instanceof StoreProblem) return pair;
  const { from, to } = pair;
  // The first day of a job that runs every night is no mistake.
  if (from === undefined) return format === 'json' ? renderDiffJson(diffOf([], []), null, to) : `${FIRST}\n`;
  const before = await store.allRows(from.id);
  if (before instanceof StoreProblem) return before;
  const after = await store.allRows(to.id);
  if (after instanceof StoreProblem) return after;
  look.sayUnreadable([...before.unreadable, ...after.unreadable]);
  const diff = diffOf(before.rows, after.rows);
  switch (format) {
    case 'json':
      return renderDiffJson(diff, from, to);
    case 'plain':
      return renderDiffPlain(diff, { from, to, nowMs });
    case 'terminal':
      return renderDiff(diff, { from, to, nowMs }, terminal) + look.nextText(nextAfterDiff(diff));
    default:
      return format satisfies never;
  }
}

const FIRST =
  'The newest sweep is the first of its targets: there is nothing to compare it with.\nTo compare two others: whodisk history lists them.';

interface Pair {
  /** Absent where the newest sweep is the first of its targets. */
  readonly from?: Sweep;
  readonly to: Sweep;
}

/**
 * Two words: from the first to the second. One: from it to the newest. None: the newest sweep, from the last one before it that asked
 * for the same targets: what @db showed says nothing of @web.
 */
async function pairOf(words: readonly string[], store: Store): Promise<Pair | Missing | StoreProblem> {
  const read = await store.sweeps({ limit: SWEEPS_LOOKED_AT });
  if (read instanceof StoreProblem) return read;
  const ended = read.sweeps.filter((sweep) => hasEnded(sweep));
  const [newest] = ended;
  if (newest === undefined) return new Missing('no sweep is stored yet, and a diff needs two: whodisk @all, twice');
  const [first, second] = words;
  if (first === undefined) {
    const same = earlierOf(newest, ended);
    return { ...(same !== undefined && { from: same }), to: newest };
  }
  const from = await sweepNamed(first, ended, store);
  if (from instanceof Missing || from instanceof StoreProblem) return from;
  if (second === undefined) {
    if (from.id !== newest.id) return { from, to: newest };
    return new Missing(`${from.id} is the newest sweep itself: name an earlier one, or two`);
  }
  const to = await sweepNamed(second, ended, store);
  return to instanceof Missing || to instanceof StoreProblem ? to : { from, to };
}

/** By its id, or by the beginning or the end of it where that is one sweep's alone. */
async function sweepNamed(
  word: string,
  known: readonly Sweep[],
  store: Store,
): Promise<Sweep | Missing | StoreProblem> {
  const id = word.toUpperCase();
  const exact = known.find((sweep) => sweep.id === id);
  if (exact !== undefined) return exact;
  const matching =
    id.length < LEAST_OF_ID ? [] : known.filter((sweep) => sweep.id.startsWith(id) || sweep.id.endsWith(id));
  const [only, another] = matching;
  if (only !== undefined && another === undefined) return only;
  if (another !== undefined) return new Missing(`'${word}' is part of ${matching.length} sweeps' ids: give more of it`);
  if (id.length === known[0]?.id.length) {
    const detail = await store.sweep(id);
    if (detail instanceof StoreProblem) return detail;
    if (detail !== undefined) return detail.sweep;
  }
  return new Missing(`there is no sweep '${word}': whodisk history lists them with their ids`);
}
