/** The whodisk.yml of a test's folder, as a service reads it. */
import { join } from 'node:path';
import { type Config, readConfig } from '../functions/config/read-config.ts';

export async function configIn(folder: string): Promise<Config | { readonly problem: string }> {
  const read = await readConfig({ given: join(folder, 'whodisk.yml'), cwd: folder, homeDirectory: folder });
  return read.kind === 'config' ? read.config : { problem: read.problems.map(({ message }) => message).join(' ') };
}
