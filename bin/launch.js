import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Runs whodisk and ends the process with its exit status: in a checkout the sources as they are now, built on first use; in an
 * installed package the built file that came with it.
 */
export async function launch() {
  // Users can do nothing about a dependency's deprecated call, so it is not printed; developers who ask for it get it.
  if (!process.traceDeprecation && !process.throwDeprecation) process.noDeprecation = true;
  process.exitCode = await run();
  // A connection that nobody closed must not keep a finished command alive; what was printed must be out before that.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

async function run() {
  try {
    const main = await findMain();
    if (main.problem !== undefined) {
      process.stderr.write(`whodisk: ${main.problem}\n`);
      return 1;
    }
    const cli = await import(pathToFileURL(main.file).href);
    return await cli.main(process.argv.slice(2), process.env, process);
  } catch (error) {
    process.stderr.write(`whodisk: failed in a way that nobody foresaw; this is a bug.\n${error?.stack ?? error}\n`);
    return 1;
  }
}

/** @returns {Promise<{ file: string, problem?: undefined } | { problem: string }>} */
async function findMain() {
  if (existsSync(path.join(root, 'functions', 'cli', 'main.ts'))) {
    const { builtFromSources } = await import('../scripts/built.js');
    return builtFromSources(root);
  }
  const file = path.join(root, 'dist', 'main.mjs');
  if (existsSync(file)) return { file };
  return {
    problem: `this installation is not complete: ${file} is missing.\n  Install the package again: npm install whodisk`,
  };
}

function flushed(stream) {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) return resolve();
    // A reader that went away (`whodisk | head -1`) is no error of ours.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
