/** `npm run package`, into a folder of its own: nobody else's package is touched. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Package, readPackage } from './packaged.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Of the parameter `configBucket`: whodisk.yml is read from there, under `whodisk/`. */
export const BUCKET = 'whodisk-config';

export interface MadePackage extends Package {
  remove(): void;
}

/** Needs 'unzip'. @throws Error with what the packaging said */
export async function makePackage(): Promise<MadePackage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'whodisk-package-'));
  const packed = path.join(folder, 'packed');
  const words = ['run', '--silent', 'package', '--', '--package', packed, '--param', `configBucket=${BUCKET}`];
  await new Promise<void>((resolve, reject) => {
    execFile('npm', words, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`npm run package: ${stdout}${stderr}`, { cause: error }));
    });
  });
  const read = readPackage(packed, path.join(folder, 'unpacked'));
  return { ...read, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
