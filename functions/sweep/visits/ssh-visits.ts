/** The hosts that were chosen, over SSH: everything that all of them share is read once, before anything is dialled. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fanout } from '../../../runner/fleet/fanout.ts';
import type { VisitedHost } from '../../../runner/report.ts';
import { createSshContext, type SshContext } from '../../../runner/ssh/context.ts';
import type { GivenKey } from '../../../runner/ssh/given-keys.ts';
import type { IdentityOptions } from '../../../runner/ssh/identities.ts';
import { createIdentitySets, readIdentities } from '../../../runner/ssh/identity-sets.ts';
import { readKnownHosts } from '../../../runner/ssh/known-hosts-files.ts';
import { outward } from '../../../runner/ssh/outward.ts';
import { openPins, type Pins } from '../../../runner/ssh/pins.ts';
import { createResolver } from '../../../runner/ssh/resolve.ts';
import { sshTransport } from '../../../runner/ssh/session.ts';
import { visitHost } from '../../../runner/visit.ts';
import { openStateFolder, StateFolderProblem } from '../../state-folder.ts';
import type { SweepSettings } from '../sweep-settings.ts';
import { fanoutWidth } from './fanout-width.ts';
import { brokenHost, failedHost, interruptedHost } from './lost-hosts.ts';
import type { HostsWanted, Planned, PlannedHosts } from './plan-hosts.ts';
import type { Visits } from './visits.ts';

export interface SshSurroundings {
  readonly homeDirectory: string;
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  readonly askPassphrase?: NonNullable<IdentityOptions['askPassphrase']>;
  /** The keys to offer, in place of all that is on this machine. */
  readonly sshKeys?: readonly GivenKey[];
  /** Where pinned host keys are, absolute. */
  readonly stateFolder: string;
}

/** Something that is done before and after a visit, or in its place; what it answers is the host's result. */
export type Around = (host: Planned, visit: () => Promise<VisitedHost>, signal: AbortSignal) => Promise<VisitedHost>;

/** Problems are only what `wanted` names wrongly; what a host does is found out by its visit. */
export async function sshVisits(
  wanted: Pick<HostsWanted, 'identities' | 'knownHosts' | 'knownHostsName' | 'caller'>,
  planned: PlannedHosts,
  settings: SweepSettings,
  surroundings: SshSurroundings,
  around: Around = (_, visit) => visit(),
): Promise<Visits> {
  const { hosts } = planned;
  const pinned = await pinsIn(surroundings.stateFolder, settings.hostKeys, wanted.knownHosts);
  if ('problem' in pinned) return { kind: 'problems', problems: [pinned.problem] };
  const knownHosts = await readKnownHosts({
    homeDirectory: surroundings.homeDirectory,
    ...(wanted.knownHosts !== undefined && { file: wanted.knownHosts }),
    ...(wanted.knownHostsName !== undefined && { name: wanted.knownHostsName }),
  });
  if (wanted.knownHosts !== undefined && knownHosts.files.length === 0) {
    return { kind: 'problems', problems: knownHosts.problems.map((problem) => `--known-hosts: ${problem}`) };
  }
  const identitySets = createIdentitySets({
    // A jump host that ssh_config says nothing of is offered what holds for the whole fleet, as its hosts are.
    files: wanted.identities.length > 0 ? wanted.identities : planned.identityFiles,
    homeDirectory: surroundings.homeDirectory,
    ...(surroundings.sshKeys !== undefined && { given: surroundings.sshKeys }),
    ...(surroundings.agentSocket !== undefined && { agentSocket: surroundings.agentSocket }),
    ...(surroundings.askPassphrase !== undefined && { askPassphrase: surroundings.askPassphrase }),
  });
  const destinations = hosts.flatMap(({ way }) => ('destination' in way ? [way.destination] : []));
  if (wanted.identities.length > 0) {
    const { problems } = await identitySets.of({});
    if (problems.length > 0) return { kind: 'problems', problems: problems.map((problem) => `--identity: ${problem}`) };
  }
  const identityProblems = await readIdentities(identitySets, destinations);
  const { width, message: narrower } = await fanoutWidth(settings.forks, destinations);
  const resolve = await createResolver();
  const context = createSshContext({
    knownHosts,
    identitySets,
    resolve: wanted.caller === 'network' ? outward(resolve) : resolve,
    hostKeys: settings.hostKeys,
    ...(pinned.pins !== undefined && { pins: pinned.pins }),
  });
  return {
    kind: 'visits',
    names: hosts.map(({ name }) => name),
    width,
    notes: [
      ...planned.notes,
      ...firstFew(knownHosts.problems, 'lines of known_hosts'),
      ...pinned.notes,
      ...firstFew(identityProblems, 'problems with keys'),
      ...(narrower !== undefined && width < destinations.length ? [narrower] : []),
    ],
    start: (interrupt) =>
      fanout(hosts, (host, signal) => around(host, () => visit(host, context, settings, signal), signal), {
        width,
        signal: interrupt,
        onBug: ({ name }, error) => brokenHost(name, error),
        onUnvisited: ({ name }) => interruptedHost(name),
      }),
    end: context.close,
  };
}

async function visit(
  { name, way, privilege }: Planned,
  context: SshContext,
  settings: SweepSettings,
  signal: AbortSignal,
): Promise<VisitedHost> {
  if ('failure' in way) return failedHost(name, way.failure);
  const asked = settings.privilegeGiven ? settings.privilege : (privilege ?? settings.privilege);
  return visitHost({ name }, sshTransport(way.destination, context), { ...settings, privilege: asked }, signal);
}

interface PinsRead {
  readonly pins?: Pins;
  readonly notes: readonly string[];
}

/**
 * Keys that were pinned count in both modes, like one more known_hosts file, unless --known-hosts says which file alone counts. Who could
 * write into the folder could vouch for any host: a folder that is not private counts for nothing.
 */
async function pinsIn(
  folder: string,
  policy: SweepSettings['hostKeys'],
  namedFile: string | undefined,
): Promise<PinsRead | { readonly problem: string }> {
  const isAsked = policy === 'accept-new';
  if (!isAsked && (namedFile !== undefined || !existsSync(join(folder, PINS)))) return { notes: [] };
  const state = openStateFolder(folder);
  if (!(state instanceof StateFolderProblem)) return withNotes(await openPins(join(state.path, PINS)));
  const why = `${state.message}\n${state.mend}`;
  if (isAsked) return { problem: `--host-keys accept-new has nowhere to keep keys: ${why}` };
  return { notes: [`the host keys that were pinned do not count: ${why}`] };
}

function withNotes(pins: Pins): PinsRead {
  return { pins, notes: firstFew(pins.problems, 'lines of pinned host keys') };
}

const PINS = 'known_hosts';
/** Beyond these a broken file would bury everything else. */
const MOST_NOTES = 3;

function firstFew(problems: readonly string[], what: string): string[] {
  const more = problems.length - MOST_NOTES;
  return [...problems.slice(0, MOST_NOTES), ...(more > 0 ? [`and ${more} more ${what} like these.`] : [])];
}
