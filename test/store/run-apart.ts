/** Runs a few lines of a program in a process of its own: for what could take the test run itself down, or never end. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What CommonJS packages ask for Node's own modules with. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/');";

export interface Apart {
  /** The program's standard output and error. */
  readonly said: string;
  /** null where it was killed at the deadline. */
  readonly status: number | null;
}

/**
 * @param program TypeScript; imports are relative to the checkout
 * @param limits `openFiles` as of `ulimit -n`; the process is killed after `timeoutMs`, by default 20,000
 */
export async function runApart(
  program: string,
  limits: { openFiles?: number; timeoutMs?: number } = {},
): Promise<Apart> {
  const built = await esbuild.build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    // As in the package (scripts/bundle-sources.js): few files to open.
    external: ['dynalite'],
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
  });
  const limit = limits.openFiles === undefined ? '' : `ulimit -n ${limits.openFiles}; `;
  const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" --input-type=module -`, process.execPath], { cwd: root });
  const timer = setTimeout(() => child.kill('SIGKILL'), limits.timeoutMs ?? 20_000);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(built.outputFiles[0]?.text ?? '');
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { said, status };
}
