import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';

test('importing the store loads neither the AWS SDK nor dynalite nor LevelDB', async () => {
  const entry = fileURLToPath(new URL('./open.ts', import.meta.url));
  const built = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
  });
  const statically = Object.values(built.metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ kind }) => kind !== 'dynamic-import')
    .map(({ path }) => path);
  expect(statically.filter((path) => !path.startsWith('node:') && path !== 'zod')).toEqual([]);
  const [main] = built.outputFiles;
  const program = `${main?.text}\nprocess.stdout.write(process.moduleLoadList.filter((m) => /aws|dynalite|level/.test(m)).join());`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-'], {
    input: program,
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  expect(said).toBe('');
});
