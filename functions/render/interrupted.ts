/** Hosts that a Ctrl-C came before: nothing is wrong with them. */
import type { VisitedHost } from '../../runner/report.ts';
import { standingOf } from './standing.ts';

/** Whether nothing else can be said of the host; a disk that half a window proves to be saturated or hung is told like any other. */
export function isInterrupted(host: VisitedHost): boolean {
  const standing = standingOf(host);
  return host.failure?.kind === 'interrupted' && (standing === 'inconclusive' || standing === 'not-swept');
}
