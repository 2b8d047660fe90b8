import { readFileSync } from 'node:fs';
import { REQUIRE, shipAssets } from './bundle-sources.js';
import { lambdaTrims } from './lambda-trims.js';

/** The functions of the cloud. The entry file of each is `functions/lambda/NAME.ts`. */
export const LAMBDAS = ['api', 'chat', 'schedule', 'config', 'plan', 'worker', 'finish', 'deadletter', 'watchdog'];

/**
 * Bundles the entry file of one function into `index.mjs`, one minified file without a package to import, since each file that is opened
 * costs a cold start time. The same sources give the same bytes. What a module reads beside itself comes along (bundle.sh).
 *
 * @param {string} root absolute path of the checkout
 * @param {string} name of LAMBDAS
 * @returns {Promise<{ files: Map<string, Uint8Array>, metafile: import('esbuild').Metafile }>} file name → content
 * @throws esbuild's BuildFailure when a source does not compile
 */
export async function bundleLambda(root, name) {
  const esbuild = await import('esbuild');
  const assets = new Map();
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`functions/lambda/${name}.ts`],
    outfile: 'index.mjs',
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'node',
    // Not the Node of the functions, which is newer: the tests run the very same files on every Node that is supported.
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    // Native parts that ssh2 does without where they cannot be loaded: whether this machine has built them must not matter.
    external: ['cpu-features', '*.node'],
    mainFields: ['module', 'main'],
    // And ssh2's cipher in WebAssembly asks for the name of its folder.
    banner: { js: `${REQUIRE} const __dirname = import.meta.dirname;` },
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    plugins: [lambdaTrims(), shipAssets(assets, importEarly)],
  });
  const [bundle] = result.outputFiles;
  const files = new Map([['index.mjs', bundle.contents]]);
  for (const [asset, file] of assets) if (bundle.text.includes(`./${asset}`)) files.set(asset, readFileSync(file));
  return { files, metafile: result.metafile };
}

/**
 * Imports at once what a source imports when it is needed. In one file nothing is gained by waiting, and what may come later esbuild
 * cannot look into: it would keep all of the SDK.
 */
function importEarly(source) {
  const early = [];
  const changed = source
    // By name where names are taken, so that the rest of the package stays away.
    .replaceAll(/\{([\w\s,]+)\} = await import\(('[^']+')\)/g, (_, list, module) => {
      const names = list.split(',').flatMap((name) => name.trim() || []);
      const own = (name) => `importedEarly${early.length}${name}`;
      const taken = names.map((name) => `${name}: ${own(name)}`);
      early.push(`import { ${names.map((name) => `${name} as ${own(name)}`).join(', ')} } from ${module};`);
      return `{${list}} = { ${taken.join(', ')} }`;
    })
    .replaceAll(/(await )?(?<!typeof )\bimport\(('[^']+')\)(?![.>])/g, (_, awaited, module) => {
      const own = `importedEarly${early.length}`;
      early.push(`import * as ${own} from ${module};`);
      return awaited === undefined ? `Promise.resolve(${own})` : own;
    });
  // On the last line, so that the lines of an error stay those of the source.
  return early.length === 0 ? source : `${changed}\n${early.join(' ')}`;
}
