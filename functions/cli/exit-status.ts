/**
 * The exit status, for scripts:
 *
 *   0 every target swept · 1 whodisk itself failed, or results could not be stored · 2 usage or configuration
 *   3 some targets not swept, or only in part
 *   4 none swept
 *   5 what --fail-on names was found · 130 interrupted
 *
 * Where several hold: 130, 1, 4, 5, 3.
 */
import type { Report } from '../../runner/report.ts';
import type { Verdict } from '../../runner/triage/finding.ts';

/** whodisk itself failed. */
export const FAILED = 1;
/** What was given is wrong, or what was asked for is not there. */
export const USAGE = 2;
/** What --fail-on names. */
export const FOUND = 5;
/** 128 and SIGINT. */
export const INTERRUPTED = 130;
/** 128 and SIGTERM: a second one, which did not wait for what was under way. */
export const TERMINATED = 143;

/** What --fail-on may name, with the verdicts that count: the named one and those that are worse for a disk. */
export const FAIL_ON = {
  saturated: ['hung', 'saturated'],
  busy: ['hung', 'saturated', 'busy'],
} as const satisfies Record<string, readonly Verdict[]>;
export type FailOn = keyof typeof FAIL_ON;

export interface Ending {
  readonly report: Report;
  readonly interrupted: boolean;
  /** The results could not be written. */
  readonly unwritten: boolean;
  /** The results, or some of them, are not in the store. */
  readonly unstored: boolean;
  readonly failOn: FailOn | undefined;
}

/** The status of a sweep that has been shown. */
export function exitStatus({ report: { sweep, hosts }, interrupted, unwritten, unstored, failOn }: Ending): number {
  const broken = unwritten || unstored || hosts.some((host) => host.failure?.kind === 'internal');
  const failing: readonly Verdict[] = failOn === undefined ? [] : FAIL_ON[failOn];
  if (interrupted) return INTERRUPTED;
  if (broken) return FAILED;
  if (sweep.targets > 0 && sweep.notSwept === sweep.targets) return 4;
  // A host that let us in and then stalled ranks above every saturated one: whoever asked to be told is told of it too.
  const isFound = (host: Report['hosts'][number]): boolean =>
    failing.includes(host.verdict) || (failOn !== undefined && host.failure?.kind === 'suspected-hung');
  if (hosts.some(isFound)) return FOUND;
  return hosts.some(({ status }) => status !== 'swept') ? 3 : 0;
}
