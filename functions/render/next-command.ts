/** What is worth typing next, in the last line on a terminal. */
import type { Report } from '../../runner/report.ts';
import type { Diff } from '../../runner/triage/diff.ts';
import { encodeText } from './encode.ts';
import { isInterrupted } from './interrupted.ts';
import type { Paint } from './paint.ts';
import { textLines } from './reason-lines.ts';
import { standingOf } from './standing.ts';

export interface NextCommand {
  /** Ready to be pasted; encoded. Without the options that say where things are. */
  readonly command: string;
  readonly shows: string;
}

/** After a sweep that was stored: the evidence of the worst host, or where all is well, how to stay informed. */
export function nextAfterSweep({ hosts }: Report): NextCommand | undefined {
  const seen = hosts.filter((host) => standingOf(host) !== 'not-swept' && !isInterrupted(host));
  const [worst] = seen;
  // What mends hosts that could not be reached is said with them.
  if (worst === undefined) return undefined;
  if (standingOf(worst) !== 'healthy') return explain(worst.host);
  const isAll = seen.length === hosts.length;
  return isAll
    ? { command: '', shows: 'the same with --watch sweeps again and again, and shows what changes' }
    : undefined;
}

/** After a diff: the evidence of what is new or worse, which the table of changes has no room for. */
export function nextAfterDiff(diff: Diff): NextCommand | undefined {
  const [first] = [...diff.new, ...diff.worse];
  return first === undefined ? undefined : explain(first.host);
}

/** After `explain`: whether it was always so. */
export const nextAfterExplain = (host: string): NextCommand => ({
  command: `whodisk history ${word(host)}`,
  shows: 'what earlier sweeps found on it',
});

/** After `history`, where there are two sweeps to compare. */
export const nextAfterHistory = (sweeps: number): NextCommand | undefined =>
  sweeps < 2 ? undefined : { command: 'whodisk diff', shows: 'what changed from the last sweep of the same targets' };

/** `places` are options that lead to the same store: " --state /srv/whodisk". Lines without line breaks. */
export function nextLines(next: NextCommand | undefined, places: string, paint: Paint, width: number): string[] {
  if (next === undefined) return [];
  const { command, shows } = next;
  if (command === '') return ['', ...textLines(`next: ${shows}`, 0, width).map((line) => paint.dim(line))];
  const whole = `${command}${places}`;
  // Pasted as a whole it still is the command.
  const beside = `next: ${whole}  # ${shows}`;
  // A command that is broken between two lines cannot be pasted.
  return beside.length <= width
    ? ['', `${paint.dim('next: ')}${paint.cyan(whole)}${paint.dim(`  # ${shows}`)}`]
    : ['', paint.dim(`next, ${shows}:`), `  ${paint.cyan(whole)}`];
}

const explain = (host: string): NextCommand => ({
  command: `whodisk explain ${word(host)}`,
  shows: 'its evidence, step by step',
});

/** For a POSIX shell. */
function word(text: string): string {
  const encoded = encodeText(text);
  return /^[A-Za-z0-9_@%+=:,./-]+$/u.test(encoded) ? encoded : `'${encoded.replaceAll("'", `'\\''`)}'`;
}
