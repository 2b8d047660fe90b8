/** The ranking: a table on a wide screen, a card for each host on a narrow one, for a screen reader the same table on both. */
import { sweepHostPath } from './paths.ts';
import type { RankingLine } from './ranking-view.ts';
import { Spark } from './spark.tsx';
import { StandingMark } from './standing-mark.tsx';

const CHANGE_WORDS = { new: 'new', worse: 'worse', better: 'better', gone: 'fine again' } as const;

export interface RankingTableProps {
  readonly root: string;
  readonly sweepId: string;
  readonly lines: readonly RankingLine[];
  readonly caption: string;
}

export function RankingTable({ root, sweepId, lines, caption }: RankingTableProps) {
  // The roles say what CSS would take from a table that is no longer laid out as one.
  return (
    <table class="rank" role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {['Host', 'Disk', 'Verdict', 'Culprit', 'File', 'Share', 'Queue', 'Change'].map((title) => (
            <th role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {lines.map((line) => (
          <tr role="row">
            <th role="rowheader" scope="row" class="host">
              {line.rank !== undefined && <span class="no">{line.rank}</span>}
              <a href={root + sweepHostPath(sweepId, line.name)}>{line.host}</a>
            </th>
            <td role="cell" class="disk">
              {line.disk} <Figures figures={line.figures} />
            </td>
            <td role="cell" class="verdict">
              <StandingMark standing={line.standing} />
            </td>
            <Guilty line={line} />
            <td role="cell" class="queue">
              {line.queueTrend !== undefined && <Spark trend={line.queueTrend} label={`queue ${courseOf(line)}`} />}
            </td>
            <td role="cell" class="change">
              {line.change !== undefined && (
                <span class={`ch ${line.change.kind}`} title={line.change.text}>
                  {CHANGE_WORDS[line.change.kind]}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Culprit, file and share; where nobody is guilty, the sentence that stands instead has the room of all three. */
function Guilty({ line }: { readonly line: RankingLine }) {
  if (line.file === '' && line.share === '') {
    return (
      <td role="cell" class="culprit instead" colspan={3} aria-colspan={3}>
        {line.culprit}
      </td>
    );
  }
  return (
    <>
      <td role="cell" class="culprit">
        {line.culprit} <span class="dim">{line.activity}</span>
      </td>
      <td role="cell" class="file">
        {line.file}
      </td>
      <td role="cell" class="share num">
        {line.share}
      </td>
    </>
  );
}

/** A figure stays with its unit. */
function Figures({ figures }: { readonly figures: readonly string[] }) {
  return (
    <span class="dim">
      {figures.map((figure, index) => (
        <>
          <span class="fig">
            {figure}
            {index < figures.length - 1 ? ',' : ''}
          </span>{' '}
        </>
      ))}
    </span>
  );
}

/** How it went, for whoever does not see it. */
function courseOf({ queueTrend = '' }: RankingLine): 'falling' | 'rising' | 'steady' {
  const half = queueTrend.length / 2;
  const sum = (digits: string): number => [...digits].reduce((total, digit) => total + Number(digit), 0);
  const [first, second] = [sum(queueTrend.slice(0, half)), sum(queueTrend.slice(half))];
  return first > second * 1.5 ? 'falling' : second > first * 1.5 ? 'rising' : 'steady';
}
