/**
 * Hosts whose turn never came before the sweep was interrupted. Nothing is known of them, and of twenty thousand there may be nineteen: they
 * are names in the body of their sweep, where items of their own would take longer to write than somebody waits who has pressed Ctrl-C.
 * Hosts that a worker was to visit and was lost, or that were cancelled, are kept the same way by who ends their sweep.
 */
import * as z from 'zod';
import { type Host, type VisitedHost, visitedHostSchema } from '../../runner/report.ts';

export const unvisitedSchema = z.object({
  /** One of them. The others differ in nothing but their name. */
  like: visitedHostSchema,
  names: z.array(z.string()),
});
export type Unvisited = z.infer<typeof unvisitedSchema>;

/** Whether nothing was found out about a host, not even how long it takes to answer. */
export function isUnvisited({ status, failure, disks, explanations, limits, cost }: VisitedHost | Host): boolean {
  return (
    status === 'not-swept' &&
    failure?.kind === 'interrupted' &&
    disks.length + explanations.length + limits.length === 0 &&
    cost.bytesReceived === 0 &&
    cost.clientMs === 0
  );
}

/** Puts those together that differ in nothing but their name. */
export function gatherUnvisited(hosts: readonly (VisitedHost | Host)[]): Unvisited[] {
  const groups = new Map<string, Unvisited>();
  for (const host of hosts) {
    const like = { ...host, host: '', rank: undefined };
    const key = JSON.stringify(like);
    const group = groups.get(key);
    if (group) group.names.push(host.host);
    else groups.set(key, { like, names: [host.host] });
  }
  return [...groups.values()];
}

/** As they were before they were gathered. */
export const unvisitedHosts = (groups: readonly Unvisited[]): VisitedHost[] =>
  groups.flatMap(({ like, names }) => names.map((host) => ({ ...like, host })));
