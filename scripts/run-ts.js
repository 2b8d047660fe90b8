// node scripts/run-ts.js FILE.ts [ARG ...]: runs a TypeScript file (a benchmark, a one-off) on any supported Node.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node scripts/run-ts.js FILE.ts [ARG ...]\n');
  process.exit(2);
}

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const entry = path.resolve(file);
const cache = path.join(root, 'node_modules', '.cache', 'whodisk-run');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'run-'));
const built = path.join(folder, 'main.mjs');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

// Every module keeps the place of its source, so that `new URL('./bundle.sh', import.meta.url)` finds what lies there.
const sourcePlaces = {
  name: 'source-places',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path: source }) => ({
      loader: 'ts',
      contents: readFileSync(source, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(source).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(source)))
        .replaceAll('import.meta.filename', JSON.stringify(source)),
    }));
  },
};

try {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: built,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [sourcePlaces],
  });
} catch {
  process.exit(1); // esbuild has printed what does not compile
}
await esbuild.stop();

process.argv.splice(1, process.argv.length, entry, ...args);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(built).href);
