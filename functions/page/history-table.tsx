/** What sweeps found on one host, newest first. */
import { agoText, utcMinute } from '../render/age.ts';
import { encodeText } from '../render/encode.ts';
import { FAILURE_WORDS } from '../render/failure-words.ts';
import { culpritWithHome, figureTexts, mainCulprit } from '../render/phrases.ts';
import { standingOf } from '../render/standing.ts';
import { sweepStartedAt } from '../render/sweep-time.ts';
import type { StoredFinding } from '../store/store.ts';
import { worstDisk } from './chain-view.ts';
import { sweepHostPath } from './paths.ts';
import { StandingMark } from './standing-mark.tsx';

export interface HistoryTableProps {
  readonly root: string;
  readonly findings: readonly StoredFinding[];
  readonly nowMs: number;
  /** The sweep whose page it is on. */
  readonly current?: string;
}

export function HistoryTable({ root, findings, nowMs, current }: HistoryTableProps) {
  return (
    <table class="list" role="table">
      <caption class="vh">Findings, the newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {['When (UTC)', 'Verdict', 'Disk', 'Culprit', 'File'].map((title) => (
            <th role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {findings.map((finding) => (
          <Finding root={root} finding={finding} nowMs={nowMs} isCurrent={finding.sweepId === current} />
        ))}
      </tbody>
    </table>
  );
}

function Finding({
  root,
  finding: { sweepId, host },
  nowMs,
  isCurrent,
}: {
  readonly root: string;
  readonly finding: StoredFinding;
  readonly nowMs: number;
  readonly isCurrent: boolean;
}) {
  const startedAt = sweepStartedAt(sweepId) ?? '';
  const disk = worstDisk(host);
  const culprit = disk && mainCulprit(disk);
  const lost = host.failure === undefined ? '' : FAILURE_WORDS[host.failure.kind];
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <a href={root + sweepHostPath(sweepId, host.host)} aria-current={isCurrent ? 'true' : undefined}>
          {utcMinute(startedAt)}
        </a>{' '}
        <span class="dim">{isCurrent ? 'this one' : agoText(Date.parse(startedAt), nowMs)}</span>
      </th>
      <td role="cell">
        <StandingMark standing={standingOf(host)} />
      </td>
      <td role="cell">
        {encodeText(disk?.device ?? '')}{' '}
        <span class="dim">{disk === undefined ? '' : figureTexts(disk).join(', ')}</span>
      </td>
      <td role="cell" class="culprit">
        {culprit === undefined ? lost : culpritWithHome(culprit)}
      </td>
      <td role="cell" class="mono">
        {encodeText(culprit?.files[0]?.path ?? '')}
      </td>
    </tr>
  );
}
