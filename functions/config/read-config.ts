/** Finds whodisk.yml, reads it and the inventories that it names. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isForeign, strangersProblem } from '../../runner/fleet/file-trust.ts';
import type { HostSettings, Inventory } from '../../runner/fleet/inventory.ts';
import { mergeInventories } from '../../runner/fleet/merge-inventories.ts';
import { firstProblems } from '../../runner/fleet/problems.ts';
import { type Bytes, readWithin } from '../../runner/fleet/read-within.ts';
import { utf8Text } from '../../runner/fleet/utf8-text.ts';
import { fleetOf, settingsOf } from './config-fleet.ts';
import { type Places, resolvePath, withPlaces } from './config-places.ts';
import type { ConfigValue } from './config-schema.ts';
import { type ConfigProblem, inOrder, readConfigText } from './config-text.ts';
import { EC2_KEPT_MS, type ReadEc2 } from './ec2-source.ts';
import { isGoneInstance, readEc2Sources } from './read-ec2-sources.ts';
import { inventoriesOutside, readInventories } from './read-inventories.ts';
import { RETENTION_DAYS } from './retention-days.ts';
import type { ServiceConfig } from './service-config.ts';
import { serviceConfigOf, serviceProblems } from './service-sections.ts';

export interface ConfigRequest {
  /** From -c or $WHODISK_CONFIG. */
  readonly given?: string;
  readonly cwd: string;
  readonly homeDirectory: string;
  /** $XDG_CONFIG_HOME. */
  readonly xdgConfigHome?: string;
  /** Of -i on the command line: they are part of the fleet, before the inventories that whodisk.yml names. */
  readonly inventories?: readonly Inventory[];
  /** Asks EC2 for the instances of `ec2`; absent: nobody is asked, and there are none. */
  readonly readEc2?: ReadEc2;
  /** Whether inventories lie in the folder of whodisk.yml or below it, and others are refused. Default false. */
  readonly isSelfContained?: boolean;
  /** Of each inventory that whodisk.yml names; absent: as many as any may have. */
  readonly mostInventoryBytes?: number;
}

export interface Config extends ServiceConfig {
  /** As it is called in messages; absent where there is none. */
  readonly file?: string;
  /** Where every sweep is stopped: a sentence with file and line. Inventories are not read then. */
  readonly disabled?: string;
  /** What holds for every host of which nothing else is said: for `selectHosts`. */
  readonly defaults: HostSettings;
  readonly hostKeyPolicy?: 'strict' | 'accept-new';
  readonly windowSeconds?: number;
  readonly deadlineSeconds?: number;
  readonly forks?: number;
  /** 'none', 'dynamodb:TABLE', or an absolute path. */
  readonly store?: string;
  readonly retentionDays: number;
  readonly inventory: Inventory;
}

export type ConfigRead =
  /** `notes`: what a person should know although it goes on. */
  | {
      readonly kind: 'config';
      readonly config: Config;
      readonly notes: readonly string[];
      /** On which it depends, absolute: while none of them changes it is the same. Those that were looked for and are not there, too. */
      readonly files: readonly string[];
      /** How long it counts although none of them changes; absent: without end. */
      readonly keptMs?: number;
    }
  | {
      readonly kind: 'problems';
      readonly problems: readonly ConfigProblem[];
      /** Nothing need be wrong with the files: what they name could not be asked this time. Default false. */
      readonly isUnavailable?: boolean;
    };

/** Of whodisk.yml. Larger fleets are in inventories (runner/fleet/inventory-file.ts). */
export const MOST_CONFIG_BYTES = 1024 * 1024;
const DEFAULT_WINDOW_SECONDS = 5;

/**
 * The file is the one that was given; else ./whodisk.yml, else $XDG_CONFIG_HOME/whodisk/whodisk.yml (~/.config by default). None is
 * fine. It may name inventories, and these a ProxyCommand: so one that others may write, or that was not given and belongs to another
 * user, is refused as ssh(1) refuses its own.
 */
export async function readConfig(request: ConfigRequest): Promise<ConfigRead> {
  const found = await findConfig(request);
  if (found === undefined) {
    const inventory = mergeInventories(request.inventories ?? []);
    const service = serviceConfigOf({}, (file) => file);
    return {
      kind: 'config',
      config: { ...service, defaults: {}, retentionDays: RETENTION_DAYS, inventory },
      notes: [],
      files: candidatesOf(request).map((candidate) => candidate.path),
    };
  }
  const { name, bytes } = found;
  const fail = (message: string): ConfigRead => ({ kind: 'problems', problems: [{ file: name, message }] });
  if (bytes.kind === 'folder') return fail('this is a folder: name the file in it.');
  if (bytes.kind === 'unreadable') return fail(bytes.message);
  const distrust = distrustOf(bytes, request.given !== undefined);
  if (distrust !== undefined) return fail(distrust);
  const decoded = utf8Text(bytes.bytes);
  if ('problem' in decoded) return fail(decoded.problem);
  const read = readConfigText(decoded.text, name);
  if (read.kind === 'problems') return { kind: 'problems', problems: firstProblems(read.problems) };

  const { value, problemAt } = read;
  const late = deadlineProblem(value);
  if (late !== undefined) return { kind: 'problems', problems: [problemAt(['deadlineSeconds'], late)] };
  const places: Places = { folder: path.dirname(found.path), homeDirectory: request.homeDirectory };
  const settled = withPlaces(value, places);
  const service = serviceConfigOf(value, (file) => resolvePath(file, places));
  if (settled.enabled === false) {
    const { line } = problemAt(['enabled'], '');
    const disabled = `Every sweep is stopped: enabled is false in ${name} line ${line ?? 1}.`;
    const config = { ...configOf(settled, name, mergeInventories([])), ...service, disabled };
    return { kind: 'config', config, notes: [], files: lookedAt(request, found.path) };
  }

  const outside = request.isSelfContained === true ? inventoriesOutside(settled, places, problemAt) : [];
  if (outside.length > 0) return { kind: 'problems', problems: firstProblems(outside) };
  const inventories = await readInventories(settled, places, request.mostInventoryBytes);
  if (inventories.problems.length > 0) return { kind: 'problems', problems: firstProblems(inventories.problems) };
  const ec2 = await readEc2Sources(settled, problemAt, request.readEc2);
  if (ec2.kind === 'unavailable') return { kind: 'problems', problems: ec2.problems, isUnavailable: true };
  const base = mergeInventories([...(request.inventories ?? []), ...inventories.byFile.values(), ...ec2.inventories]);
  const isGone = isGoneInstance(settled);
  const fleet = fleetOf(settled, problemAt, (file) => inventories.byFile.get(file), base, isGone);
  if (fleet.kind === 'problems') return { kind: 'problems', problems: firstProblems(inOrder(fleet.problems)) };
  const unknown = serviceProblems(value, problemAt, fleet.inventory, isGone);
  if (unknown.length > 0) return { kind: 'problems', problems: firstProblems(inOrder(unknown)) };
  const config = { ...configOf(settled, name, fleet.inventory), ...service };
  const files = [...lookedAt(request, found.path), ...inventories.files];
  const isMoving = ec2.inventories.length > 0;
  return { kind: 'config', config, notes: inventories.notes, files, ...(isMoving && { keptMs: EC2_KEPT_MS }) };
}

async function findConfig(request: ConfigRequest): Promise<{ name: string; path: string; bytes: Bytes } | undefined> {
  const { given } = request;
  for (const candidate of candidatesOf(request)) {
    if (given !== undefined) return { ...candidate, bytes: await readWithin(candidate.path, MOST_CONFIG_BYTES) };
    const bytes = (await isPipe(candidate.path)) ? NO_FILE : await readWithin(candidate.path, MOST_CONFIG_BYTES);
    const isMissing = bytes.kind === 'unreadable' && (bytes.code === 'ENOENT' || bytes.code === 'ENOTDIR');
    if (!isMissing) return { ...candidate, bytes };
  }
  return undefined;
}

/** Where whodisk.yml is looked for, in this order. */
function candidatesOf({ given, cwd, homeDirectory, xdgConfigHome }: ConfigRequest): { name: string; path: string }[] {
  if (given !== undefined) return [{ name: given, path: resolvePath(given, { folder: cwd, homeDirectory }) }];
  // A relative $XDG_CONFIG_HOME is to be ignored (XDG Base Directory Specification).
  const base = xdgConfigHome?.startsWith('/') === true ? xdgConfigHome : path.join(homeDirectory, '.config');
  return [
    { name: 'whodisk.yml', path: path.join(cwd, 'whodisk.yml') },
    { name: path.join(base, 'whodisk', 'whodisk.yml'), path: path.join(base, 'whodisk', 'whodisk.yml') },
  ];
}

/** Until it was found. */
function lookedAt(request: ConfigRequest, found: string): string[] {
  const paths = candidatesOf(request).map((candidate) => candidate.path);
  return paths.slice(0, paths.indexOf(found) + 1);
}

const NO_FILE: Bytes = { kind: 'unreadable', message: 'it is no regular file: where that is meant, name it with -c.' };

/** A pipe that somebody left where whodisk.yml is looked for would be waited for without end. */
async function isPipe(file: string): Promise<boolean> {
  const entry = await stat(file).catch(() => undefined);
  return entry !== undefined && !entry.isFile() && !entry.isDirectory();
}

function distrustOf(file: Extract<Bytes, { kind: 'bytes' }>, isGiven: boolean): string | undefined {
  const problem = strangersProblem(file);
  if (problem !== undefined || isGiven || !isForeign(file)) return problem;
  return 'it belongs to another user: where that is meant, name it with -c.';
}

function deadlineProblem({ windowSeconds = DEFAULT_WINDOW_SECONDS, deadlineSeconds }: ConfigValue): string | undefined {
  if (deadlineSeconds === undefined || deadlineSeconds > windowSeconds) return undefined;
  return `it leaves no time after a window of ${windowSeconds} s: give more, such as ${windowSeconds + 10}.`;
}

function configOf(value: ConfigValue, file: string, inventory: Inventory): Omit<Config, keyof ServiceConfig> {
  const { hostKeyPolicy, windowSeconds, deadlineSeconds, forks, store, retentionDays } = value;
  return {
    file,
    defaults: settingsOf(value),
    ...(hostKeyPolicy !== undefined && { hostKeyPolicy }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(deadlineSeconds !== undefined && { deadlineSeconds }),
    ...(forks !== undefined && { forks }),
    ...(store !== undefined && { store }),
    retentionDays,
    inventory,
  };
}
