/** "3 of 212 hosts saturated; the same logtest.py on all three": what a sweep found, in the one sentence that is read first. */
import type { Standing, Sweep } from '../../runner/report.ts';
import type { Pattern } from '../../runner/triage/patterns.ts';
import { inCount, inList } from '../../runner/triage/words.ts';
import { encodeText } from '../render/encode.ts';
import { counted } from '../render/phrases.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';

const TROUBLE = ['hung', 'suspected-hung', 'saturated'] as const satisfies readonly Standing[];
const TROUBLE_WORDS = { hung: 'hung', 'suspected-hung': 'suspected to hang', saturated: 'saturated' } as const;

/** Encoded. @param done hosts that are done, of a sweep that has not ended */
export function sweepSentence(sweep: Sweep, patterns: readonly Pattern[], done?: number): string {
  const { counts, targets, status } = sweep;
  if (!hasEnded(sweep)) {
    if (status === 'queued') return `${counted(targets, 'host')} to be swept in a moment`;
    return done === undefined
      ? `Sweeping ${counted(targets, 'host')}`
      : `Sweeping: ${inCount(done)} of ${counted(targets, 'host')} done`;
  }
  const how = status === 'complete' ? '' : `${status.charAt(0).toUpperCase()}${status.slice(1)}: `;
  if (counts === undefined) return `${how}${inCount(sweep.swept)} of ${counted(targets, 'host')} swept`;
  const trouble = TROUBLE.filter((standing) => counts[standing] !== undefined);
  const troubled = trouble.reduce((sum, standing) => sum + (counts[standing] ?? 0), 0);
  const rest = [sharedText(patterns, troubled), missedText(counts, targets)].filter((part) => part !== undefined);
  return [how + troubleText(trouble, counts, targets, troubled), ...rest].join('; ');
}

type Counts = NonNullable<Sweep['counts']>;

function troubleText(
  trouble: readonly (typeof TROUBLE)[number][],
  counts: Counts,
  targets: number,
  troubled: number,
): string {
  const judged = targets - (counts['not-swept'] ?? 0) - (counts.inconclusive ?? 0);
  if (troubled === 0) {
    if (judged <= 0)
      return targets === 1 ? 'Nothing can be said of the host' : `Nothing can be said of ${counted(targets, 'host')}`;
    const [busy = 0] = [counts.busy];
    const fine = judged === 1 ? 'The host is not saturated' : `None of ${counted(judged, 'host')} is saturated`;
    return busy > 0 ? `${fine}, ${inCount(busy)} busy` : fine;
  }
  const [only, ...others] = trouble;
  if (only !== undefined && others.length === 0) {
    const words = TROUBLE_WORDS[only];
    if (targets === 1) return `The host is ${words}`;
    if (troubled === targets) return `All ${counted(targets, 'host')} are ${words}`;
    return `${inCount(troubled)} of ${counted(targets, 'host')} ${words}`;
  }
  const texts = trouble.map((standing) => `${inCount(counts[standing] ?? 0)} ${TROUBLE_WORDS[standing]}`);
  return `${inList(texts)} of ${counted(targets, 'host')}`;
}

const NUMBERS = ['', '', 'both', 'all three', 'all four', 'all five', 'all six'];

function sharedText([first]: readonly Pattern[], troubled: number): string | undefined {
  if (first === undefined) return undefined;
  const program = encodeText(first.program);
  const count = first.hosts.length;
  if (count === troubled) return `the same ${program} on ${NUMBERS[count] ?? `all ${inCount(count)}`}`;
  return `the same ${program} on ${inCount(count)} of them`;
}

function missedText(counts: Counts, targets: number): string | undefined {
  const missed = counts['not-swept'] ?? 0;
  if (missed === 0 || targets === 1) return undefined;
  return `${inCount(missed)} not reached`;
}
