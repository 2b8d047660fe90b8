/** A TypeScript program of the tests as one file that Node runs. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

export interface Program {
  readonly file: string;
  remove(): void;
}

export async function buildProgram(source: URL): Promise<Program> {
  // Below node_modules, so that the packages that stay imports are found.
  const cache = fileURLToPath(new URL('../../node_modules/.cache/whodisk-run', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'program-'));
  const file = path.join(folder, 'main.mjs');
  await esbuild.build({
    entryPoints: [fileURLToPath(source)],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
