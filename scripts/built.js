import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleSources } from './bundle-sources.js';

const KEPT_BUILDS_MS = 7 * 24 * 3600 * 1000;

/**
 * The built command line of a checkout, made now unless these very sources were built before. Builds live in
 * `node_modules/.cache/whodisk/HASH` and are never changed once they are there, so any number of runs may start at once.
 *
 * @param {string} root absolute path of the checkout
 * @returns {Promise<{ file: string, problem?: undefined } | { problem: string }>} the module to import, or what is wrong and what to do
 */
export async function builtFromSources(root) {
  const cache = path.join(root, 'node_modules', '.cache', 'whodisk');
  const folder = path.join(cache, sourcesHash(root));
  const file = path.join(folder, 'main.mjs');
  const trusted = !othersCanWrite(root, folder);
  if (trusted && existsSync(file)) return { file };

  let files;
  try {
    files = await bundleSources(root);
  } catch (error) {
    return { problem: buildProblem(root, error) };
  }
  if (trusted && keep(files, cache, folder)) return { file };
  return { file: buildForThisRunOnly(files, root) };
}

/** Hex SHA-256 over the names and contents of whatever the build depends on. */
function sourcesHash(root) {
  const hash = createHash('sha256');
  const add = (name) => {
    const content = readFileSync(path.join(root, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  };
  for (const folder of ['functions', 'runner']) {
    const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
    for (const name of names.sort()) add(name);
  }
  add('package.json');
  add(path.join('scripts', 'bundle-sources.js'));
  return hash.digest('hex').slice(0, 32);
}

/** True where any user of the machine could have put a build of their own in our place, or where that cannot be told. */
function othersCanWrite(root, folder) {
  try {
    for (let at = folder; at !== root; at = path.dirname(at)) {
      const found = statSync(at, { throwIfNoEntry: false });
      if (found !== undefined && (found.mode & 0o002) !== 0) return true;
    }
    return false;
  } catch {
    return true;
  }
}

/** Puts a build in place for later runs. @returns {boolean} false where the cache cannot be written, which is no error */
function keep(files, cache, folder) {
  let building;
  try {
    // Root's folders in somebody else's checkout would lock its owner out of the cache.
    if (process.geteuid?.() === 0 && statSync(path.join(cache, '..', '..')).uid !== 0) return false;
    mkdirSync(cache, { recursive: true, mode: 0o755 });
    forgetOldBuilds(cache);
    building = mkdtempSync(path.join(cache, 'building-'));
    write(files, building);
    chmodSync(building, 0o755); // mkdtemp's 0700 would keep a second user of the checkout out
    renameSync(building, folder);
    return true;
  } catch {
    if (building !== undefined) rmSync(building, { recursive: true, force: true });
    // Another run was faster: its build is of the same sources.
    return existsSync(path.join(folder, 'main.mjs'));
  }
}

/** mkdtemp's folder has an unguessable name and mode 0700, so nobody else can put code into it. */
function buildForThisRunOnly(files, root) {
  const folder = mkdtempSync(path.join(tmpdir(), 'whodisk-build-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  write(files, folder);
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  return path.join(folder, 'main.mjs');
}

function write(files, folder) {
  for (const [name, content] of files) writeFileSync(path.join(folder, name), content, { mode: 0o644 });
}

function forgetOldBuilds(cache) {
  const now = Date.now();
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: now };
    if (now - mtimeMs > KEPT_BUILDS_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function buildProblem(root, error) {
  if (Array.isArray(error?.errors) && error.errors.length > 0) {
    const lines = error.errors.map(({ text, location }) =>
      location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    );
    return `the sources in ${root} do not compile:\n  ${lines.join('\n  ')}`;
  }
  return (
    `this is a checkout (${root}), which is built when it is first run, and its build tool esbuild ` +
    'is not installed or does not start here.\n' +
    '  Run `npm ci` there, without --omit=dev and --omit=optional. To run without the build tools, install the package\n' +
    '  instead: `npm pack` in a checkout that has them, then `npm install FILE.tgz` where you need it.\n' +
    `  (${String(error?.message ?? error).split('\n')[0]})`
  );
}
