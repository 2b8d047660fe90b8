/** What the function that reads the configuration leaves in the table for all the others, both ways. Pure. */
import * as z from 'zod';
import { configOfJson, jsonOfConfig } from '../config/config-json.ts';
import type { ConfigTrouble } from '../config/config-now.ts';
import type { Config } from '../config/read-config.ts';

export type ConfigSnapshot =
  | {
      readonly config: Config;
      /** The text of the known_hosts file beside whodisk.yml. */
      readonly knownHosts?: string;
    }
  /** Why whodisk.yml cannot be used, a sentence: no sweep begins until it is mended. */
  | { readonly problem: string };

/** As `readSnapshot` takes it. */
export function snapshotJson(snapshot: ConfigSnapshot): object {
  if ('problem' in snapshot) return snapshot;
  const { config, knownHosts } = snapshot;
  return { config: jsonOfConfig(config), ...(knownHosts !== undefined && { knownHosts }) };
}

/** One that cannot be read, such as that of another version of whodisk, is a problem that passes. */
export function readSnapshot(json: unknown): ConfigSnapshot | ConfigTrouble {
  const read = snapshotSchema.safeParse(json);
  if (!read.success) return malformed('it is no configuration');
  if ('problem' in read.data) return read.data;
  const { knownHosts } = read.data;
  const config = configOfJson(read.data.config);
  if ('problem' in config) return malformed(config.problem);
  return { config, ...(knownHosts !== undefined && { knownHosts }) };
}

const snapshotSchema = z.union([
  z.object({ problem: z.string() }),
  z.object({ config: z.unknown(), knownHosts: z.string().optional() }),
]);

const malformed = (why: string): ConfigTrouble => ({
  problem: `The configuration in the table cannot be read (${why}): the function "config" publishes it again within a minute of a deployment.`,
  isPassing: true,
});
