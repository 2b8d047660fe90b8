/** How many hosts there are of each verdict, as links. */
import { VERDICTS, type Verdict } from '../../runner/triage/finding.ts';
import { inCount } from '../../runner/triage/words.ts';
import { query, sweepPath } from './paths.ts';
import type { RowsAsked, SweepRead } from './read-sweep.ts';

/** The address of a page of a sweep's rows. */
export const rowsPath = (
  { sweep }: Pick<SweepRead, 'sweep'>,
  { verdict, cursor }: { readonly verdict?: Verdict | undefined; readonly cursor?: string | undefined },
): string => sweepPath(sweep.id) + query({ verdict, cursor });

const VERDICT_WORDS = { inconclusive: 'unclear or not reached' } as const satisfies Partial<Record<Verdict, string>>;

export function SweepFilter({
  root,
  read,
  asked,
}: {
  readonly root: string;
  readonly read: SweepRead;
  readonly asked: RowsAsked;
}) {
  const { counts = {}, targets } = read.sweep;
  const unclear = (counts.inconclusive ?? 0) + (counts['not-swept'] ?? 0) + (counts['suspected-hung'] ?? 0);
  const countOf = (verdict: Verdict): number => (verdict === 'inconclusive' ? unclear : (counts[verdict] ?? 0));
  const link = (verdict: Verdict | undefined, text: string) => (
    <li>
      <a href={root + rowsPath(read, { verdict })} aria-current={asked.verdict === verdict ? 'true' : undefined}>
        {text}
      </a>
    </li>
  );
  const words = (verdict: Verdict): string => (verdict === 'inconclusive' ? VERDICT_WORDS.inconclusive : verdict);
  return (
    <nav aria-label="Hosts by verdict">
      <ul class="filter">
        {link(undefined, `all ${inCount(targets)}`)}
        {VERDICTS.filter((verdict) => countOf(verdict) > 0).map((verdict) =>
          link(verdict, `${inCount(countOf(verdict))} ${words(verdict)}`),
        )}
      </ul>
    </nav>
  );
}
