// npm run build, and npm's prepack: the sources → dist/, which is what the package carries.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSources } from './bundle-sources.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');

const files = await bundleSources(root);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
for (const [name, content] of files) {
  writeFileSync(path.join(dist, name), content);
  // To stderr: `npm pack --json` owns stdout.
  process.stderr.write(`dist/${name}  ${(content.length / 1024).toFixed(1)} KiB\n`);
}
