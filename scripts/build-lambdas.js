import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleLambda, LAMBDAS } from './bundle-lambdas.js';

/**
 * Builds the functions of the cloud: functions/lambda/NAME.ts → build/lambda/NAME/, and beside it build/lambda/NAME.meta.json, which says
 * what is in the bundle. Nothing is written where one does not compile.
 *
 * @param {string} root absolute path of the checkout
 * @returns {Promise<boolean>} false where a source does not compile, which was said then
 */
export async function buildLambdas(root) {
  const bundles = await bundleAll(root);
  if (bundles === undefined) return false;
  const folder = path.join(root, 'build', 'lambda');
  for (const [name, { files, metafile }] of bundles) {
    const own = path.join(folder, name);
    mkdirSync(own, { recursive: true });
    for (const [file, content] of files) writeFileSync(path.join(own, file), content, { mode: 0o644 });
    writeFileSync(path.join(folder, `${name}.meta.json`), JSON.stringify(metafile));
    const kilobytes = (files.get('index.mjs').length / 1000).toFixed(0);
    process.stderr.write(`build/lambda/${name}/index.mjs  ${kilobytes} KB\n`);
  }
  return true;
}

async function bundleAll(root) {
  const esbuild = await import('esbuild');
  const bundles = new Map();
  try {
    for (const name of LAMBDAS) bundles.set(name, await bundleLambda(root, name));
    return bundles;
  } catch (error) {
    if (!Array.isArray(error?.errors)) throw error;
    return undefined; // esbuild has printed what does not compile
  } finally {
    await esbuild.stop();
  }
}
