/** The visits of one shard, by what whodisk.yml and ssh_config(5) say now. */
import type { Failure } from '../../runner/report.ts';
import type { SweepDeps } from './deps.ts';
import type { Job } from './job.ts';
import { serviceSettings } from './service-settings.ts';
import { planHosts } from './visits/plan-hosts.ts';
import { type Around, sshVisits } from './visits/ssh-visits.ts';
import type { Visits } from './visits/visits.ts';

export interface ShardVisits {
  /** Absent where no name is known any more. */
  readonly visits?: Visits & { readonly kind: 'visits' };
  /** Names that the inventory had when the sweep was asked for. */
  readonly gone: readonly string[];
}

export interface ShardProblem {
  /** A sentence that holds for every host. */
  readonly problem: string;
  readonly failure: Pick<Failure, 'phase' | 'kind'>;
}

/** What says how hosts are reached cannot be read just now. */
export interface PutOff {
  /** A sentence. */
  readonly putOff: string;
}

export async function shardVisits(
  deps: SweepDeps,
  job: Job,
  names: readonly string[],
  around: Around,
): Promise<ShardVisits | ShardProblem | PutOff> {
  const config = await deps.config();
  if ('problem' in config && config.isPassing === true) return { putOff: config.problem };
  if ('problem' in config) return notPossible(config.problem);
  if (config.disabled !== undefined) return notPossible(config.disabled);
  const asked = { windowSeconds: job.sweep.windowSeconds, deadlineSeconds: job.deadlineSeconds, args: job.args };
  const settings = serviceSettings(asked, config, deps);
  if ('problem' in settings) return notPossible(settings.problem);
  // What the inventory does not know is not dialled, whatever the job says.
  const known = names.filter((name) => config.inventory.hosts.has(name));
  const gone = names.filter((name) => !config.inventory.hosts.has(name));
  if (known.length === 0) return { gone };
  const given = await deps.sshKeys?.();
  if (given !== undefined && 'problem' in given) {
    return { problem: given.problem, failure: { phase: 'auth', kind: 'no-identity' } };
  }
  const wanted = {
    identities: [],
    ...deps.options?.ssh,
    targets: known,
    inventories: [],
    caller: 'network',
    eachName: true,
  } as const;
  const planned = await planHosts(wanted, config, deps.local);
  if (planned.kind === 'problems') return notPossible(planned.problems.join(' '));
  const forks = Math.max(1, Math.floor(settings.forks / (deps.shardsAtATime ?? 1)));
  const surroundings = { ...deps.local, ...(given !== undefined && { sshKeys: given.keys }) };
  const visits = await sshVisits(wanted, planned, { ...settings, forks }, surroundings, around);
  if (visits.kind === 'problems') return notPossible(visits.problems.join(' '));
  return { visits, gone };
}

const notPossible = (problem: string): ShardProblem => ({
  problem,
  failure: { phase: 'connect', kind: 'unsupported-setting' },
});
