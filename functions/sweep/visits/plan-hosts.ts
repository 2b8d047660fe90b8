/** From targets, in words, to the hosts that are visited, each once, and the way to each. */
import type { HostSettings } from '../../../runner/fleet/inventory.ts';
import { type ChosenHost, hostNamed, selectHosts } from '../../../runner/fleet/select-hosts.ts';
import type { Failure } from '../../../runner/report.ts';
import { readSshConfig } from '../../../runner/ssh/config/files.ts';
import type { LocalFacts } from '../../../runner/ssh/config/tokens.ts';
import type { Destination } from '../../../runner/ssh/destination.ts';
import { listed } from '../../../runner/ssh/listed.ts';
import { doorOf } from '../../../runner/ssh/same-host.ts';
import { settleDestination } from '../../../runner/ssh/settle-destination.ts';
import type { SettlingSweep } from '../../../runner/ssh/wanted-host.ts';
import type { Config } from '../../config/read-config.ts';
import { foldNames } from '../../render/fold-names.ts';
import type { Caller, SshOptions } from './ssh-options.ts';

export interface Planned {
  /** Its name in the report, unique. */
  readonly name: string;
  /** A host that cannot be reached as was demanded fails by name, and is never dialled another way. */
  readonly way: { readonly destination: Destination } | { readonly failure: Failure };
  readonly privilege?: NonNullable<HostSettings['privilege']>;
}

export interface PlannedHosts {
  readonly kind: 'planned';
  readonly hosts: readonly Planned[];
  /** The keys that whodisk.yml names for the whole fleet. */
  readonly identityFiles: readonly string[];
  readonly notes: readonly string[];
}

export interface HostsWanted extends SshOptions {
  /** As written; none: all hosts of the inventory. */
  readonly targets: readonly string[];
  /** Files that the inventory was read from besides whodisk.yml, for messages. */
  readonly inventories: readonly string[];
  /** What a program on this machine can do, such as a ProxyCommand, is not for callers over a network. */
  readonly caller: Caller;
  /** Whether a host that has several names is visited under each of them. Default: once, under the first. */
  readonly eachName?: boolean;
}

/** Problems are words that mean no host, or an ssh configuration that cannot be read, a sentence each. */
export async function planHosts(
  wanted: HostsWanted,
  config: Pick<Config, 'inventory' | 'defaults'>,
  surroundings: LocalFacts,
): Promise<PlannedHosts | { readonly kind: 'problems'; readonly problems: readonly string[] }> {
  const words = wanted.targets.length > 0 ? wanted.targets : ['@all'];
  if (wanted.inventories.length > 0 && config.inventory.hosts.size === 0) {
    const files = wanted.inventories.map((file) => (file === '-' ? 'stdin' : file));
    return { kind: 'problems', problems: [`${listed(files, MOST_NAMES)} names no host`] };
  }
  const selection = selectHosts(words, config.inventory, config.defaults);
  if (selection.kind === 'problems')
    return { kind: 'problems', problems: selection.problems.map(({ message }) => message) };
  if (selection.hosts.length === 0) return { kind: 'problems', problems: selection.notes };
  const sshConfig = await readSshConfig({
    ...(wanted.sshConfig !== undefined && { file: wanted.sshConfig }),
    homeDirectory: surroundings.homeDirectory,
    user: surroundings.user,
  });
  // With a file that was named, nothing has been dialled yet that would be worth telling of; else each host fails, by name.
  if (wanted.sshConfig !== undefined && sshConfig.problems.length > 0) {
    return { kind: 'problems', problems: sshConfig.problems.map((problem) => `--ssh-config: ${problem}`) };
  }
  const sweep: SettlingSweep = {
    ...surroundings,
    sshConfig,
    refusesProxyCommands: wanted.caller === 'network',
    inventoryOf: (name) => hostNamed(config.inventory, name),
    commandLine: {
      ...(wanted.user !== undefined && { user: wanted.user }),
      ...(wanted.port !== undefined && { port: wanted.port }),
      ...(wanted.jump !== undefined && { jump: wanted.jump }),
      identities: wanted.identities,
      ...(wanted.knownHosts !== undefined && { knownHosts: wanted.knownHosts }),
    },
  };
  const all = selection.hosts.map((chosen) => planned(chosen, sweep));
  const { hosts, twins } = wanted.eachName === true ? { hosts: all, twins: NO_TWINS } : eachOnce(all);
  return {
    kind: 'planned',
    hosts,
    identityFiles: config.defaults.identityFiles ?? [],
    notes: [...selection.notes, ...twinNotes(twins)],
  };
}

function planned(chosen: ChosenHost, sweep: SettlingSweep): Planned {
  const { name, problem, settings } = chosen;
  const privilege = settings?.privilege;
  const way =
    problem === undefined
      ? settleDestination(chosen, sweep)
      : { failure: { phase: 'connect', kind: 'unsupported-setting', message: problem } as const };
  return { name, way, ...(privilege !== undefined && { privilege }) };
}

/** A host that is named twice, in whatever spelling, is visited once, under the first name. Those that fail stay, each by its name. */
function eachOnce(all: readonly Planned[]): { hosts: Planned[]; twins: ReadonlyMap<string, readonly string[]> } {
  const firsts = new Map<string, string>();
  const hosts: Planned[] = [];
  const twins = new Map<string, string[]>();
  for (const host of all) {
    const door = 'destination' in host.way ? doorOf(host.way.destination) : undefined;
    const first = door === undefined ? undefined : firsts.get(door);
    if (first !== undefined) {
      twins.set(first, [...(twins.get(first) ?? []), host.name]);
      continue;
    }
    if (door !== undefined) firsts.set(door, host.name);
    hosts.push(host);
  }
  return { hosts, twins };
}

const NO_TWINS: ReadonlyMap<string, readonly string[]> = new Map();
const MOST_TWINS = 3;
const MOST_NAMES = 5;

function twinNotes(twins: ReadonlyMap<string, readonly string[]>): string[] {
  const more = twins.size - MOST_TWINS;
  return [
    ...[...twins].slice(0, MOST_TWINS).map(([first, names]) => {
      const others = foldNames(names);
      return `${listed(others, MOST_NAMES)} ${names.length === 1 ? 'is' : 'are'} the same host as ${first}: it is visited once, as ${first}.`;
    }),
    ...(more > 0 ? [`and ${more} more hosts that were named twice.`] : []),
  ];
}
