/** Where a host stands for whoever looks at the list: its verdict, or that it is suspected to hang, or that it was not swept. */
import { STANDINGS, type Standing, type Sweep, type VisitedHost } from '../../runner/report.ts';

/** A host that fell silent counts as suspected to hang, whatever its disks looked like before. */
export function standingOf({
  verdict,
  status,
  failure,
}: Pick<VisitedHost, 'verdict' | 'status'> & { readonly failure?: { readonly kind: string } | undefined }): Standing {
  if (verdict === 'hung') return 'hung';
  if (failure?.kind === 'suspected-hung') return 'suspected-hung';
  return status === 'not-swept' ? 'not-swept' : verdict;
}

/** How many hosts stand where, worst first; a standing without hosts is absent. */
export function countStandings(hosts: readonly Parameters<typeof standingOf>[0][]): NonNullable<Sweep['counts']> {
  const standings = hosts.map(standingOf);
  return Object.fromEntries(
    STANDINGS.flatMap((standing) => {
      const count = standings.filter((each) => each === standing).length;
      return count === 0 ? [] : [[standing, count]];
    }),
  );
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
