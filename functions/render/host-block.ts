/** One host of a fleet on a terminal: its rows in the table, and below them why it has this verdict. */
import { culpritTraits } from '../../runner/triage/patterns.ts';
import { encodeText } from './encode.ts';
import { type Paint, paintStanding } from './paint.ts';
import { reasonLines, textLines } from './reason-lines.ts';
import { diskReasons, hostReasons, type Reason } from './reasons.ts';
import type { HostRows } from './rows.ts';
import { standingOf } from './standing.ts';
import { type Column, type Layout, rowLine, showsWhole } from './table.ts';

const INDENT = 4;
const MOST_LIMITS = 2;
const MOST_WITHOUT_CULPRIT = 2;

/** How much of a host is said: every reason, the sentence that sums them up, or only its rows. */
export type Detail = 'reasons' | 'sentence' | 'rows';

/** Lines without line breaks. */
export function hostBlock(entry: HostRows, detail: Detail, layout: Layout, paint: Paint, width: number): string[] {
  const { host, rows } = entry;
  const standing = standingOf(host);
  const paintCell = (column: Column, cell: string): string => {
    if (column === 'verdict') return paintStanding(paint, standing, cell);
    return column === 'host' || column === 'culprit' ? paint.bold(cell) : column === 'rank' ? paint.dim(cell) : cell;
  };
  return [
    ...rows.map((row) => rowLine(row, layout, paintCell)),
    ...(detail === 'rows' ? [] : textLines(encodeText(host.summary), INDENT, width)),
    // Of a host without a disk to show there is little to say, so all of it is said.
    ...reasonLines(
      detail === 'reasons' || entry.disks.length === 0 ? reasonsOf(entry, layout) : [],
      INDENT,
      width,
      paint,
    ),
  ];
}

function reasonsOf({ host, disks }: HostRows, layout: Layout): Reason[] {
  const several = disks.length > 1;
  return [
    ...disks.flatMap(({ disk, firstRow }) => [
      ...(several ? [{ label: encodeText(disk.device), text: `${disk.verdict}:` }] : []),
      ...diskReasons(disk, {
        figures: new Set(layout.keys()),
        file: showsWhole(layout, 'file', firstRow.file),
      }),
    ]),
    ...hostReasons(host, MOST_LIMITS),
  ];
}

/**
 * For each host how much is said. `most` get every reason: the first ones, and those with a culprit that no host above them has. Where
 * all culprits were told above, or two hosts without any (their `places` among those of their kind) said the same, the row is enough.
 */
export function detailsOf(listed: readonly HostRows[], places: readonly number[], most: number): Detail[] {
  const told = new Set<string>();
  let inFull = 0;
  return listed.map((entry, index) => {
    const culprits = entry.disks
      .flatMap(({ disk }) => disk.culprits)
      .map((culprit) => culpritTraits(culprit).fingerprint);
    if (culprits.length > 0 && culprits.every((fingerprint) => told.has(fingerprint))) return 'rows';
    if (culprits.length === 0 && (places[index] ?? 0) >= MOST_WITHOUT_CULPRIT) return 'rows';
    if (entry.disks.length === 0 || inFull === most || (culprits.length === 0 && index >= most)) return 'sentence';
    for (const fingerprint of culprits) told.add(fingerprint);
    inFull += 1;
    return 'reasons';
  });
}
