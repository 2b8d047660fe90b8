/** Hosts that could not be swept, one entry for each reason, with what would mend it. */

import { FAILURE_KINDS, type FailureKind, type VisitedHost } from '../../runner/report.ts';
import { compareNaturally } from '../../runner/triage/natural-order.ts';
import { encodeText } from './encode.ts';
import { foldNames } from './fold-names.ts';
import { standingOf } from './standing.ts';

export interface FailureGroup {
  readonly kind: FailureKind;
  /** What the kind means, in words. */
  readonly reason: string;
  readonly count: number;
  /** Encoded, folded, in natural order. */
  readonly names: string;
  /** Encoded. The message of the first host; it names that host where the hosts' messages differ. */
  readonly message: string;
  /** How many hosts' messages say something else than the one shown, their own name aside. */
  readonly otherMessages: number;
}

/** The groups, the largest first. Hosts that were swept, and suspected hung ones (they have a row), are left out. */
export function groupFailures(hosts: readonly VisitedHost[]): FailureGroup[] {
  const byKind = new Map<FailureKind, VisitedHost[]>();
  for (const host of hosts) {
    if (standingOf(host) !== 'not-swept' || host.failure === undefined) continue;
    byKind.set(host.failure.kind, [...(byKind.get(host.failure.kind) ?? []), host]);
  }
  return [...byKind].map(([kind, lost]) => groupOf(kind, lost)).sort((a, b) => b.count - a.count);
}

function groupOf(kind: FailureKind, lost: readonly VisitedHost[]): FailureGroup {
  const sorted = [...lost].sort((a, b) => compareNaturally(a.host, b.host));
  const first = sorted[0];
  const shown = first === undefined ? '' : template(first);
  const own = first?.failure?.message ?? '';
  return {
    kind,
    reason: FAILURE_KINDS[kind],
    count: sorted.length,
    names: foldNames(sorted.map(({ host }) => host))
      .map(encodeText)
      .join(', '),
    message: encodeText(own),
    otherMessages: sorted.filter((host) => template(host) !== shown).length,
  };
}

/** A message without what is the host's own: messages of hundreds of hosts that share a reason differ in nothing else. */
function template(host: VisitedHost): string {
  const bare = host.host.replace(/^[^@]*@/u, '');
  const names = [host.host, bare, bare.replace(/:[0-9]+$/u, ''), host.address ?? ''].filter((name) => name !== '');
  const message = (host.failure?.message ?? '').replace(/SHA256:[A-Za-z0-9+/]+/gu, '*');
  return names.reduce(
    (text, name) => text.replaceAll(new RegExp(`(?<![\\w-])${literal(name)}(?![\\w-])`, 'gu'), '*'),
    message,
  );
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
