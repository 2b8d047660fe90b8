/** The table rows of one host: one for each disk that is not healthy, and one more for each further culprit of a disk. */
import type { Host } from '../../runner/report.ts';
import type { Disk } from '../../runner/triage/finding.ts';
import { encodeText } from './encode.ts';
import { culpritWithHome, diskFigures } from './phrases.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';
import type { Row } from './table.ts';
import { formatShare } from './units.ts';

export interface HostRows {
  readonly host: Host;
  readonly rows: readonly Row[];
  /** The disks that have rows, worst first, each with the row that names it. */
  readonly disks: readonly { readonly disk: Disk; readonly firstRow: Row }[];
}

/** Culprits of one disk that get a row; the rest is told below. */
const MOST_CULPRITS = 3;

/** The first row has the host's rank and name; a host without a disk to show has one row. */
export function rowsOf(host: Host): HostRows {
  const unhealthy = host.disks.filter((disk) => disk.verdict !== 'healthy');
  const disks = unhealthy.map((disk) => ({ disk, rows: diskRows(disk) }));
  const rows = disks.flatMap((entry) => entry.rows);
  const standing = standingOf(host);
  // Of a host whose answer was cut short no disk shows what it amounts to.
  const isShown = unhealthy.some(({ verdict }) => verdict === standing);
  if (!isShown) rows.unshift({ ...EMPTY, verdict: STANDING_WORDS[standing] });
  const named = rows.map((row, index) =>
    index === 0 ? { ...row, rank: String(host.rank), host: encodeText(host.host) } : row,
  );
  return {
    host,
    rows: named,
    disks: disks.map(({ disk, rows: [firstRow = EMPTY] }) => ({ disk, firstRow })),
  };
}

function diskRows(disk: Disk): Row[] {
  const { busy = '', queue = '', wait = '' } = diskFigures(disk);
  const [first = { ...EMPTY, culprit: NOBODY[disk.verdict] }, ...others] = [...disk.culprits]
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_CULPRITS)
    .map(
      (culprit): Row => ({
        ...EMPTY,
        culprit: culpritWithHome(culprit),
        share: formatShare(culprit.share),
        file: encodeText(culprit.files[0]?.path ?? '') + (culprit.files[0]?.deleted ? ' (deleted)' : ''),
      }),
    );
  return [
    { ...first, disk: encodeText(disk.device), verdict: STANDING_WORDS[disk.verdict], busy, queue, wait },
    ...others,
  ];
}

/** In the place of a culprit: an empty cell may be read as one that was forgotten. */
const NOBODY = {
  hung: 'device or its path',
  saturated: 'unknown',
  inconclusive: '',
  busy: '',
  healthy: '',
} as const satisfies Record<Disk['verdict'], string>;

const EMPTY: Row = {
  rank: '',
  host: '',
  disk: '',
  verdict: '',
  busy: '',
  queue: '',
  wait: '',
  culprit: '',
  share: '',
  file: '',
};
