/**
 * Which hosts of a fleet get rows of their own. Hosts that would say the same are one kind: the first of them stand for the others, which
 * are folded into a line below; forty hosts that fell silent must not push the one with a culprit off the screen.
 */
import type { Host, Standing } from '../../runner/report.ts';
import { culpritTraits } from '../../runner/triage/patterns.ts';
import { mainCulprit } from './phrases.ts';
import { standingOf } from './standing.ts';

export interface ListedHost {
  readonly host: Host;
  /** How many of its kind stand above it. */
  readonly place: number;
  /** Hosts of its kind that have no rows; only the last listed one of a kind has any. */
  readonly alike: readonly Host[];
}

/** A terminal that scrolls away helps nobody: hosts with rows, those of one standing among them, and those of one kind. */
const MOST_LISTED = 30;
const MOST_OF_ONE = {
  hung: 20,
  saturated: 20,
  'suspected-hung': 8,
  inconclusive: 8,
  busy: 10,
  healthy: 0,
  'not-swept': 0,
} as const satisfies Record<Standing, number>;
/** The figures of a disk differ from host to host; what is known of a host without one does not. */
const MOST_ALIKE = 4;
const MOST_ALIKE_WITHOUT_DISK = 2;

/** `hosts` come worst first, and so do both lists. `rest` are those of whose kind none is listed. */
export function listHosts(hosts: readonly Host[]): { listed: ListedHost[]; rest: Host[] } {
  const listed: { host: Host; place: number; alike: Host[] }[] = [];
  const rest: Host[] = [];
  const counts = new Map<Standing, number>();
  const lastOfKind = new Map<string, (typeof listed)[number]>();
  for (const host of hosts) {
    const standing = standingOf(host);
    const kind = kindOf(host);
    const last = lastOfKind.get(kind);
    const place = last === undefined ? 0 : last.place + 1;
    const count = counts.get(standing) ?? 0;
    const isFull = listed.length >= MOST_LISTED || count >= MOST_OF_ONE[standing] || place >= mostAlike(host);
    if (isFull || (last !== undefined && last.alike.length > 0)) {
      (last?.alike ?? rest).push(host);
      continue;
    }
    const entry = { host, place, alike: [] };
    listed.push(entry);
    lastOfKind.set(kind, entry);
    counts.set(standing, count + 1);
  }
  return { listed, rest };
}

const mostAlike = ({ disks }: Host): number =>
  disks.some(({ verdict }) => verdict !== 'healthy') ? MOST_ALIKE : MOST_ALIKE_WITHOUT_DISK;

/** The same standing and failure, and the same main culprits of its disks, or none. */
function kindOf(host: Host): string {
  const culprits = host.disks.flatMap((disk) => mainCulprit(disk) ?? []).map((each) => culpritTraits(each).fingerprint);
  return JSON.stringify([standingOf(host), host.failure?.kind ?? null, ...[...new Set(culprits)].sort()]);
}
