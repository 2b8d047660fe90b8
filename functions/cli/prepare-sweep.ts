/** What a sweep is made of once everything that was given has been read and understood; nothing is dialled here. */
import type { Config } from '../config/read-config.ts';
import { type SweepSettings, sweepSettings } from '../sweep/sweep-settings.ts';
import { planHosts } from '../sweep/visits/plan-hosts.ts';
import { sshVisits } from '../sweep/visits/ssh-visits.ts';
import type { Visits } from '../sweep/visits/visits.ts';
import type { SweepCommand } from './commands.ts';
import { readFleet } from './fleet.ts';
import { localVisits } from './local-visits.ts';
import { withMeantTarget } from './meant-target.ts';
import { type AskPassphrase, passphrasePrompt } from './passphrase.ts';
import { type StorePlace, stateFolderOf, storePlace } from './store-place.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

export interface PreparedSweep {
  readonly kind: 'prepared';
  readonly visits: Extract<Visits, { kind: 'visits' }>;
  /** The same for one more sweep: keys of hosts and connections to jump hosts serve one. A passphrase is not asked for again. */
  readonly again: () => Promise<Visits>;
  readonly settings: SweepSettings;
  readonly store: Exclude<StorePlace, { kind: 'problem' }>;
  readonly retentionDays: number;
  /** Absent for this machine. */
  readonly asked?: readonly string[];
}

export type SweepProblems = { readonly kind: 'problems'; readonly problems: readonly string[] };

/** `onInterrupt` is called for a Ctrl-C that a prompt has swallowed. */
export async function prepareSweep(
  command: SweepCommand,
  surroundings: Surroundings,
  streams: Streams,
  onInterrupt: () => void,
): Promise<PreparedSweep | SweepProblems> {
  const fail = (...problems: readonly string[]): SweepProblems => ({ kind: 'problems', problems });
  const isLocal = command.targets.length === 0 && command.inventories.length === 0;
  const fleet = await readFleet({ ...command, needsHosts: !isLocal }, surroundings, streams);
  if (fleet.kind === 'problems') return fleet;
  const { config } = fleet;
  if (config.disabled !== undefined) return fail(config.disabled);
  const settings = sweepSettings(command, { ...config, privilege: config.defaults.privilege });
  if ('problem' in settings) return fail(settings.problem);
  const store = storePlace(command, config, surroundings);
  if (store.kind === 'problem') return fail(store.problem);

  const askPassphrase = passphrasePrompt(streams, onInterrupt);
  const again = async (): Promise<Visits> =>
    isLocal
      ? localVisits(settings, surroundings.hostName, streams.platform)
      : sshVisitsOf(command, config, settings, surroundings, askPassphrase);
  const visits = await again();
  if (visits.kind === 'problems') return visits;
  return {
    kind: 'prepared',
    visits: { ...visits, notes: [...fleet.notes, ...visits.notes] },
    again,
    settings,
    store,
    retentionDays: config.retentionDays,
    ...(!isLocal && { asked: askedFor(command) }),
  };
}

/** With the inventories: @all of two files is not the same. */
function askedFor({ targets, inventories }: SweepCommand): string[] {
  return [...inventories.map((file) => `-i ${file}`), ...(targets.length > 0 ? targets : ['@all'])];
}

async function sshVisitsOf(
  command: SweepCommand,
  config: Config,
  settings: SweepSettings,
  surroundings: Surroundings,
  askPassphrase: AskPassphrase | undefined,
): Promise<Visits> {
  const wanted = { ...command, caller: 'local' } as const;
  const planned = await planHosts(wanted, config, surroundings);
  if (planned.kind === 'problems') return planned;
  const given = {
    ...surroundings,
    stateFolder: stateFolderOf(command, surroundings),
    ...(askPassphrase && { askPassphrase }),
  };
  return sshVisits(wanted, planned, settings, given, async (_, visit) =>
    withMeantTarget(await visit(), config.inventory),
  );
}
