/** The targets that were named, over SSH: everything that all of them share is read once, before anything is dialled. */
import { readFile } from 'node:fs/promises';
import { fanout } from '../../runner/fleet/fanout.ts';
import { withoutDuplicates } from '../../runner/fleet/targets.ts';
import { openFilesLimitOf, widthFor } from '../../runner/fleet/width.ts';
import { loadIdentities } from '../../runner/ssh/identities.ts';
import { readKnownHosts } from '../../runner/ssh/known-hosts-files.ts';
import { createResolver } from '../../runner/ssh/resolve.ts';
import { sshTransport } from '../../runner/ssh/session.ts';
import { canonicalTarget, parseTarget, type Target, type TargetError } from '../../runner/ssh/target.ts';
import { createTurns } from '../../runner/ssh/turns.ts';
import { visitHost } from '../../runner/visit.ts';
import type { SweepCommand } from './command-line.ts';
import type { AskPassphrase } from './passphrase.ts';
import { brokenHost, interruptedHost } from './sweep.ts';
import type { Visits } from './visits.ts';

export interface SshSurroundings {
  readonly user: string;
  readonly homeDirectory: string;
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  readonly askPassphrase?: AskPassphrase;
}

/** Problems are only what the command line names wrongly; what a host does is found out by its visit. */
export async function sshVisits(command: SweepCommand, surroundings: SshSurroundings): Promise<Visits> {
  const defaults = { user: command.user ?? surroundings.user, port: command.port };
  const parsed = [...new Set(command.targets)].map((text) => parseTarget(text, defaults));
  const wrong = parsed.filter((target): target is TargetError => target.kind === 'target-error');
  if (wrong.length > 0) return { kind: 'problems', problems: wrong.map(({ message }) => message) };
  const targets = withoutDuplicates(
    parsed.filter((target): target is Target => target.kind === 'target'),
    canonicalTarget,
  );

  const knownHosts = await readKnownHosts({
    homeDirectory: surroundings.homeDirectory,
    ...(command.knownHosts !== undefined && { file: command.knownHosts }),
  });
  if (command.knownHosts !== undefined && knownHosts.files.length === 0) {
    return { kind: 'problems', problems: knownHosts.problems.map((problem) => `--known-hosts: ${problem}`) };
  }
  const { homeDirectory, agentSocket, askPassphrase } = surroundings;
  const identities = await loadIdentities({
    files: command.identities,
    homeDirectory,
    ...(agentSocket !== undefined && { agentSocket }),
    ...(askPassphrase !== undefined && { askPassphrase }),
  });
  if (command.identities.length > 0 && identities.problems.length > 0) {
    return { kind: 'problems', problems: identities.problems.map((problem) => `--identity: ${problem}`) };
  }
  const { width, message: narrower } = widthFor(command.forks, await openFilesLimit());
  const context = { knownHosts, identities, resolve: await createResolver(), turns: createTurns() };
  return {
    kind: 'visits',
    names: targets.map(({ text }) => text),
    notes: [
      ...firstFew(knownHosts.problems),
      ...identities.problems,
      ...(narrower !== undefined && width < targets.length ? [narrower] : []),
    ],
    start: (interrupt) =>
      fanout(
        targets,
        (target, signal) => visitHost({ name: target.text }, sshTransport(target, context), command, signal),
        {
          width,
          signal: interrupt,
          onBug: ({ text }, error) => brokenHost(text, error),
          onUnvisited: ({ text }) => interruptedHost(text),
        },
      ),
  };
}

/** Beyond these a broken known_hosts file would bury everything else. */
const MOST_NOTES = 3;

function firstFew(problems: readonly string[]): string[] {
  const more = problems.length - MOST_NOTES;
  return [...problems.slice(0, MOST_NOTES), ...(more > 0 ? [`and ${more} more lines of known_hosts like these.`] : [])];
}

/** Where there is no /proc/self/limits (macOS) the limit shows itself only when it is reached. */
async function openFilesLimit(): Promise<number> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return openFilesLimitOf(text) ?? Number.POSITIVE_INFINITY;
}
