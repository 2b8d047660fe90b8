/** The visits of one shard, by what whodisk.yml and ssh_config(5) say now. */
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

/** A problem is a sentence that holds for every host. */
export async function shardVisits(
  deps: SweepDeps,
  job: Job,
  names: readonly string[],
  around: Around,
): Promise<ShardVisits | { readonly problem: string }> {
  const config = await deps.config();
  if ('problem' in config) return config;
  if (config.disabled !== undefined) return { problem: config.disabled };
  const asked = { windowSeconds: job.sweep.windowSeconds, deadlineSeconds: job.deadlineSeconds, args: job.args };
  const settings = serviceSettings(asked, config, deps);
  if ('problem' in settings) return settings;
  // What the inventory does not know is not dialled, whatever the job says.
  const known = names.filter((name) => config.inventory.hosts.has(name));
  const gone = names.filter((name) => !config.inventory.hosts.has(name));
  if (known.length === 0) return { gone };
  const wanted = {
    identities: [],
    ...deps.options?.ssh,
    targets: known,
    inventories: [],
    caller: 'network',
    eachName: true,
  } as const;
  const planned = await planHosts(wanted, config, deps.local);
  if (planned.kind === 'problems') return { problem: planned.problems.join(' ') };
  const forks = Math.max(1, Math.floor(settings.forks / (deps.shardsAtATime ?? 1)));
  const visits = await sshVisits(wanted, planned, { ...settings, forks }, deps.local, around);
  if (visits.kind === 'problems') return { problem: visits.problems.join(' ') };
  return { visits, gone };
}
