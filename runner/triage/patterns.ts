/** Culprits that several hosts share: the same program of the same unit doing the same thing to the same kind of file. */
import * as z from 'zod';
import { type Activity, activitySchema, type Culprit, type Disk } from './finding.ts';
import { normalisePath, normaliseProgram, normaliseUnit } from './normalise.ts';

/** What is looked at of a host. */
export interface PatternSource {
  readonly host: string;
  readonly disks: readonly Disk[];
}

export const patternSchema = z.object({
  /** 16 hex digits, the same in every sweep for the same program, unit, activity and path; never made from a pid. */
  fingerprint: z.string(),
  program: z.string(),
  activity: activitySchema,
  pathPattern: z.string().optional(),
  /** In the order in which the hosts were given. */
  hosts: z.array(z.string()),
});
export type Pattern = z.infer<typeof patternSchema>;

/** What at least two hosts share, the most widely shared first. Give the hosts in the order of their rank. */
export function findPatterns(hosts: readonly PatternSource[]): Pattern[] {
  const byKey = new Map<string, Omit<Pattern, 'hosts' | 'fingerprint'> & { hosts: Set<string> }>();
  for (const { host, disks } of hosts) {
    for (const culprit of disks.flatMap((disk) => disk.culprits)) {
      const traits = traitsOf(culprit);
      const key = keyOf(traits);
      const known = byKey.get(key);
      if (known) {
        known.hosts.add(host);
        continue;
      }
      const { unit: _unit, path: _path, ...shown } = traits;
      byKey.set(key, { ...shown, hosts: new Set([host]) });
    }
  }
  return [...byKey]
    .filter(([, pattern]) => pattern.hosts.size > 1)
    .map(([key, pattern]) => ({ fingerprint: fingerprintOf(key), ...pattern, hosts: [...pattern.hosts] }))
    .sort((a, b) => b.hosts.length - a.hosts.length || (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** What one culprit is recognised by, in another host's finding or in another sweep. */
export interface CulpritTraits {
  /** Without the number of a worker. */
  readonly program: string;
  /** Without the number of a session or instance. */
  readonly unit?: string;
  /** The file that carries most of its load, as it was seen. */
  readonly path?: string;
  /** The same as that of a pattern which it belongs to. */
  readonly fingerprint: string;
}

export function culpritTraits(culprit: Culprit): CulpritTraits {
  const traits = traitsOf(culprit);
  const { program, unit, path } = traits;
  return {
    program,
    ...(unit !== undefined && { unit }),
    ...(path !== undefined && { path }),
    fingerprint: fingerprintOf(keyOf(traits)),
  };
}

interface Traits {
  program: string;
  unit?: string;
  activity: Activity;
  path?: string;
  pathPattern?: string;
}

function traitsOf(culprit: Culprit): Traits {
  const path = mostLoaded(culprit)?.path;
  return {
    program: normaliseProgram(culprit.program ?? culprit.command),
    ...(culprit.unit !== undefined && { unit: normaliseUnit(culprit.unit) }),
    activity: culprit.activity,
    ...(path !== undefined && { path, pathPattern: normalisePath(path) }),
  };
}

const keyOf = ({ program, unit, activity, pathPattern }: Traits): string =>
  JSON.stringify([program, unit ?? null, activity, pathPattern ?? null]);

function mostLoaded(culprit: Culprit): Culprit['files'][number] | undefined {
  return culprit.files.reduce<Culprit['files'][number] | undefined>(
    (best, file) => (best === undefined || (file.share ?? 0) > (best.share ?? 0) ? file : best),
    undefined,
  );
}

/**
 * FNV-1a, 64 bit (http://www.isthe.com/chongo/tech/comp/fnv/), over UTF-16 code units. Hosts are grouped by the whole key, so
 * a collision that a hostile host makes on purpose gives two patterns with one fingerprint, never one pattern of strangers.
 */
function fingerprintOf(key: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < key.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(key.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
