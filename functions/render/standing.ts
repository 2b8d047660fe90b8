/** Where a host stands for whoever looks at the list: its verdict, or that it is suspected to hang, or that it was not swept. */
import type { VisitedHost } from '../../runner/report.ts';
import type { Verdict } from '../../runner/triage/finding.ts';

export type Standing = Verdict | 'suspected-hung' | 'not-swept';

/** A host that fell silent counts as suspected to hang, whatever its disks looked like before. */
export function standingOf({
  verdict,
  status,
  failure,
}: Pick<VisitedHost, 'verdict' | 'status' | 'failure'>): Standing {
  if (verdict === 'hung') return 'hung';
  if (failure?.kind === 'suspected-hung') return 'suspected-hung';
  return status === 'not-swept' ? 'not-swept' : verdict;
}

/** The standing as a person reads it without colour: what needs somebody now is in capitals. */
export const STANDING_WORDS = {
  hung: 'HUNG',
  'suspected-hung': 'HUNG?',
  saturated: 'SATURATED',
  inconclusive: 'inconclusive',
  'not-swept': 'not swept',
  busy: 'busy',
  healthy: 'healthy',
} as const satisfies Record<Standing, string>;
