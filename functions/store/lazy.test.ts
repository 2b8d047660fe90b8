import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';

/** Packages that are not to be loaded: left as imports, so that a static one would be seen, and would fail where nothing is installed. */
const LAZY = ['@aws-sdk/*', 'dynalite', 'level', 'classic-level'];

test('importing the store loads neither the AWS SDK nor dynalite nor LevelDB', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'whodisk-lazy-'));
  try {
    // In parts, as whodisk is built: what is imported when it is needed is a file of its own.
    const built = await esbuild.build({
      entryPoints: [fileURLToPath(new URL('./open.ts', import.meta.url))],
      bundle: true,
      splitting: true,
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      format: 'esm',
      platform: 'node',
      external: LAZY,
      metafile: true,
      absWorkingDir: folder,
    });
    const { outputs } = built.metafile;
    const statically = (file: string): string[] =>
      (outputs[file]?.imports ?? [])
        .filter(({ kind }) => kind !== 'dynamic-import')
        .flatMap(({ path: imported, external }) => (external === true ? [imported] : statically(imported)));
    expect(Object.values(outputs).flatMap(({ imports }) => imports.map((one) => one.path))).toContain(
      '@aws-sdk/client-dynamodb',
    );
    expect(statically('open.mjs').filter((imported) => !imported.startsWith('node:'))).toEqual([]);

    const program = path.join(folder, 'program.mjs');
    writeFileSync(
      program,
      "import './open.mjs';\nprocess.stdout.write(process.moduleLoadList.filter((m) => /aws|dynalite|level/.test(m)).join());\n",
    );
    expect(execFileSync(process.execPath, [program], { encoding: 'utf8', cwd: folder })).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
