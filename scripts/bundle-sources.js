import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Bundles the command line, `functions/cli/main.ts`, into `main.mjs` and a chunk for each part that is imported only when it is
 * needed, such as the store. A file that a module reads as `new URL('./name', import.meta.url)` comes along under the same name,
 * since the built module looks for it beside itself.
 *
 * @param {string} root absolute path of the checkout
 * @returns {Promise<Map<string, Uint8Array>>} file name → content, `main.mjs` among them
 * @throws esbuild's BuildFailure when a source does not compile; ERR_MODULE_NOT_FOUND when esbuild is not installed
 */
export async function bundleSources(root) {
  const esbuild = await import('esbuild');
  const assets = new Map();
  try {
    const result = await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['functions/cli/main.ts'],
      outdir: 'built',
      outExtension: { '.js': '.mjs' },
      chunkNames: 'part-[hash]',
      bundle: true,
      splitting: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      jsx: 'automatic',
      jsxImportSource: 'hono/jsx',
      // What has native parts, and small CommonJS packages, stay imports. The others come along: zod alone would open 100 files,
      // at once, where a host allows 64, and the AWS SDK would take twice the time to load. The client of EC2 is as large as everything
      // else together, and hardly anybody needs it.
      external: ['@aws-sdk/client-ec2', 'commander', 'dynalite', 'picocolors', 'ssh2'],
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE },
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [shipAssets(assets)],
    });
    return new Map([
      ...result.outputFiles.map((built) => [path.basename(built.path), built.contents]),
      ...[...assets].map(([name, file]) => [name, readFileSync(file)]),
    ]);
  } finally {
    // Otherwise esbuild's service process lives as long as the command does, on the very machine that is being looked at.
    await esbuild.stop();
  }
}

/** CommonJS packages that are bundled ask for Node's own modules with require(), which an ES module does not have. */
export const REQUIRE =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

const ASSET = /new URL\(\s*(['"`])([^'"`]+)\1\s*,\s*import\.meta\.url\s*\)/g;

/**
 * Notes the files that modules read as `new URL('./name', import.meta.url)`, which have to lie beside the built module.
 *
 * @param {Map<string, string>} assets name → path, filled while esbuild runs
 * @param {(source: string) => string} [change] made to each source before it is bundled
 * @returns {import('esbuild').Plugin}
 */
export function shipAssets(assets, change = (source) => source) {
  return {
    name: 'ship-assets',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const contents = readFileSync(file, 'utf8');
        const errors = [];
        for (const [, , relative] of contents.matchAll(ASSET)) {
          const asset = path.resolve(path.dirname(file), relative);
          const name = path.basename(asset);
          if (relative !== `./${name}`) {
            errors.push({
              text: `new URL('${relative}', import.meta.url) cannot be shipped: keep the file beside the module, as './${name}'`,
              location: { file },
            });
          } else if ((assets.get(name) ?? asset) !== asset || name === 'main.mjs') {
            errors.push({ text: `two shipped files are called ${name}: rename one`, location: { file } });
          } else {
            assets.set(name, asset);
          }
        }
        return { contents: change(contents), loader: 'ts', errors };
      });
    },
  };
}
