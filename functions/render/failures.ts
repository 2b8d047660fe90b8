/** Hosts that could not be swept, one entry for each reason, with what would mend it. */

import type { FailureKind, VisitedHost } from '../../runner/report.ts';
import { compareNaturally } from '../../runner/triage/natural-order.ts';
import { encodeText } from './encode.ts';
import { groupBy } from './group-by.ts';
import { isInterrupted } from './interrupted.ts';
import { standingOf } from './standing.ts';

export interface FailureGroup {
  readonly kind: FailureKind;
  /** In natural order, as the hosts are called: encode before showing. */
  readonly names: readonly string[];
  /** Encoded. The message of the first host; it names that host where the hosts' messages differ. */
  readonly message: string;
  /** How many hosts' messages say something else than the one shown, their own name aside. */
  readonly otherMessages: number;
}

/** The groups, the largest first. Left out are hosts that were swept, suspected hung ones (they have a row), and interrupted ones. */
export function groupFailures(hosts: readonly VisitedHost[]): FailureGroup[] {
  const lost = hosts.filter(
    (host) => standingOf(host) === 'not-swept' && host.failure !== undefined && !isInterrupted(host),
  );
  return groupBy(lost, ({ failure }) => failure?.kind ?? '')
    .flatMap((ofKind) => (BY_MESSAGE.has(ofKind[0]?.failure?.kind ?? '') ? byMessage(ofKind) : [ofKind]))
    .flatMap((group) => groupOf(group))
    .sort((a, b) => b.names.length - a.names.length);
}

/** What fails here lies on the way to many hosts, so what mends it is not the same for all of a kind. */
const BY_MESSAGE: ReadonlySet<string> = new Set<FailureKind>([
  'jump-failed',
  'proxy-command-failed',
  'unsupported-setting',
]);
/** Messages come from servers too: what they make up must not fill the screen. */
const MOST_MESSAGES = 5;

function byMessage(hosts: readonly VisitedHost[]): VisitedHost[][] {
  const groups = groupBy(hosts, template).sort((a, b) => b.length - a.length);
  const others = groups.slice(MOST_MESSAGES).flat();
  return others.length === 0 ? groups : [...groups.slice(0, MOST_MESSAGES), others];
}

function groupOf(lost: readonly VisitedHost[]): FailureGroup[] {
  const sorted = [...lost].sort((a, b) => compareNaturally(a.host, b.host));
  const [first] = sorted;
  if (first?.failure === undefined) return [];
  const shown = template(first);
  return [
    {
      kind: first.failure.kind,
      names: sorted.map(({ host }) => host),
      message: encodeText(first.failure.message),
      otherMessages: sorted.filter((host) => template(host) !== shown).length,
    },
  ];
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
