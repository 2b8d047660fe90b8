/** Reads the configuration from its files, with its inventories and EC2, and leaves it in the table for all other functions. */
import path from 'node:path';
import { sayProblem } from '../../runner/fleet/problems.ts';
import { readWithin } from '../../runner/fleet/read-within.ts';
import { utf8Text } from '../../runner/fleet/utf8-text.ts';
import type { ReadEc2 } from '../config/ec2-source.ts';
import { readConfig } from '../config/read-config.ts';
import type { Log } from '../log.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { cloudConfigOf } from './cloud-config.ts';
import { MOST_FILE_BYTES } from './config-file-names.ts';
import type { ReadConfigFiles } from './config-files.ts';
import { type ConfigSnapshot, snapshotJson } from './config-snapshot.ts';

export interface PublishDeps {
  readonly files: ReadConfigFiles;
  readonly readEc2: ReadEc2;
  readonly store: Pick<Store, 'putConfig'>;
  readonly log: Log;
}

/**
 * A whodisk.yml that cannot be used is published as the problem that it is, and no sweep begins: 'unusable', each time. Where it cannot be had
 * at all, or EC2 does not answer, the last one stays: 'stale'. Never rejects.
 */
export async function publishConfig(deps: PublishDeps): Promise<'published' | 'unchanged' | 'unusable' | 'stale'> {
  const { store, log } = deps;
  const read = await makeSnapshot(deps);
  if (read.kind === 'unavailable') {
    log.error('the configuration cannot be read, and the last one goes on to count', { detail: read.message });
    return 'stale';
  }
  const { snapshot, notes } = read;
  const outcome = await store.putConfig(snapshotJson(snapshot));
  if (outcome instanceof StoreProblem) {
    log.error('the configuration cannot be stored, and the last one goes on to count', {
      detail: outcome.message,
      mend: outcome.mend,
    });
    return 'stale';
  }
  const isNew = outcome === 'published';
  if ('problem' in snapshot) {
    if (isNew) log.error('no sweep begins until whodisk.yml is mended', { problem: snapshot.problem });
    return 'unusable';
  }
  if (!isNew) return outcome;
  for (const note of notes) log.warn(note);
  log.info('the configuration is published', { hosts: snapshot.config.inventory.hosts.size });
  return outcome;
}

type SnapshotMade =
  | { readonly kind: 'snapshot'; readonly snapshot: ConfigSnapshot; readonly notes: readonly string[] }
  | { readonly kind: 'unavailable'; readonly message: string };

async function makeSnapshot({ files, readEc2 }: PublishDeps): Promise<SnapshotMade> {
  const found = await files();
  if (found.kind === 'unavailable') return found;
  if (found.kind === 'problem') return problem(found.problem);
  const { folder } = found;
  const read = await readConfig({
    given: 'whodisk.yml',
    cwd: folder,
    homeDirectory: folder,
    isSelfContained: true,
    readEc2,
  });
  if (read.kind === 'problems') {
    const [first = 'it cannot be read', ...more] = read.problems.map(sayProblem);
    const sentence = `${first}${more.length === 0 ? '' : ` (and ${more.length} more)`}`;
    if (read.isUnavailable === true) return { kind: 'unavailable', message: sentence };
    return problem(`whodisk.yml cannot be used: ${sentence}`);
  }
  const keys = await knownHostsIn(folder);
  if ('problem' in keys) return problem(keys.problem);
  const cloud = cloudConfigOf(read.config);
  if (cloud.kind === 'problem') return problem(cloud.problem);
  return {
    kind: 'snapshot',
    snapshot: { config: cloud.config, ...keys },
    notes: [...read.notes, ...cloud.notes],
  };
}

const problem = (sentence: string): SnapshotMade => ({ kind: 'snapshot', snapshot: { problem: sentence }, notes: [] });

/** The file known_hosts beside whodisk.yml, which need not be there. */
async function knownHostsIn(folder: string): Promise<{ readonly knownHosts?: string } | { readonly problem: string }> {
  const read = await readWithin(path.join(folder, 'known_hosts'), MOST_FILE_BYTES);
  if (read.kind === 'unreadable' && read.code === 'ENOENT') return {};
  if (read.kind === 'folder') return { problem: 'known_hosts, beside whodisk.yml, is a folder: make it a file.' };
  if (read.kind === 'unreadable')
    return { problem: `known_hosts, beside whodisk.yml, cannot be read: ${read.message}` };
  const decoded = utf8Text(read.bytes);
  if ('problem' in decoded) return { problem: `known_hosts, beside whodisk.yml: ${decoded.problem}` };
  return { knownHosts: decoded.text };
}
