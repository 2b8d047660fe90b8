/** The package whose configuration is in a bucket, made in a folder of its own and unpacked there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pack } from '../infra/pack.ts';
import { type Package, readPackage } from './packaged.ts';

/** Of the parameter `configBucket`: whodisk.yml is read from there, under `whodisk/`. */
export const BUCKET = 'whodisk-config';

export interface MadePackage extends Package {
  remove(): void;
}

/** Needs 'unzip'. @throws Error with what the packaging said */
export async function makePackage(): Promise<MadePackage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'whodisk-package-'));
  const packed = await pack(path.join(folder, 'checkout'), ['--param', `configBucket=${BUCKET}`]);
  const read = readPackage(packed.folder, path.join(folder, 'unpacked'));
  return { ...read, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
