import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** A main that says what it was given and what lies beside it, and does as its first argument says. */
const MAIN = `
import { readFileSync } from 'node:fs';
import ssh2 from 'ssh2';
import { asset } from '../../runner/bundle/script.ts';
export async function main(argv: string[], env: NodeJS.ProcessEnv, streams: NodeJS.Process): Promise<number> {
  streams.stdout.write(JSON.stringify({ argv, home: env['HOME'], asset: asset(), ssh2: typeof ssh2.Client, at: import.meta.url }) + '\\n');
  if (argv[0] === 'leak') setInterval(() => {}, 1000);
  if (argv[0] === 'throw') throw new TypeError('a bug');
  return argv.length;
}
`;
const SCRIPT = `
import { readFileSync } from 'node:fs';
export const asset = (): string => readFileSync(new URL('./bundle.sh', import.meta.url), 'utf8');
`;

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'whodisk-launcher-'));
  for (const name of ['bin', 'scripts', 'package.json'])
    cpSync(path.join(ROOT, name), path.join(checkout, name), { recursive: true });
  source('functions/cli/main.ts', MAIN);
  source('runner/bundle/script.ts', SCRIPT);
  source('runner/bundle/bundle.sh', 'the bundle\n');
  install('esbuild', '@esbuild', 'ssh2', 'asn1', 'bcrypt-pbkdf', 'safer-buffer', 'tweetnacl');
});

afterEach(() => rmSync(checkout, { recursive: true, force: true }));

describe('in a checkout', () => {
  it('builds on the first run, passes arguments, environment and exit status, and ships what the sources read', async () => {
    const { code, stdout, stderr } = await whodisk(['a', 'b c'], { HOME: '/nowhere' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      argv: ['a', 'b c'],
      home: '/nowhere',
      asset: 'the bundle\n',
      ssh2: 'function',
    });
    expect(code).toBe(2);
  });

  it('uses that build again, and builds anew when a source has changed', async () => {
    await whodisk([]);
    await whodisk([]);
    expect(builds()).toHaveLength(1);
    source('runner/bundle/bundle.sh', 'another bundle\n');
    expect(JSON.parse((await whodisk([])).stdout).asset).toBe('another bundle\n');
    expect(builds()).toHaveLength(2);
  });

  it('does not build anew for a changed test', async () => {
    await whodisk([]);
    source('runner/bundle/script.test.ts', 'export {};');
    await whodisk([]);
    expect(builds()).toHaveLength(1);
  });

  it('bears twenty first runs at once', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => whodisk(['one'])));
    for (const { code, stdout, stderr } of runs) {
      expect(stderr).toBe('');
      expect(code).toBe(1);
      expect(JSON.parse(stdout).asset).toBe('the bundle\n');
    }
    expect(builds()).toHaveLength(1);
  }, 60_000);

  it('runs where nothing can be written beside it, and leaves no build behind', async () => {
    writeFileSync(path.join(checkout, 'node_modules', '.cache'), 'not a folder');
    const { stdout, stderr } = await whodisk([]);
    expect(stderr).toBe('');
    const { at, ssh2 } = JSON.parse(stdout);
    expect(ssh2).toBe('function');
    expect(at).toContain('whodisk-build-');
    expect(readdirSync(tmpdir())).not.toContain(path.basename(path.dirname(fileURLToPath(at))));
  });

  it('never runs a build from a folder that every user can write', async () => {
    await whodisk([]);
    const [hash] = builds();
    const folder = path.join(checkout, 'node_modules', '.cache', 'whodisk');
    await writeFile(
      path.join(folder, String(hash), 'main.mjs'),
      'export const main = () => { process.stdout.write("forged"); return 0; };',
    );
    await chmod(folder, 0o1777);
    const { stdout } = await whodisk([]);
    expect(stdout).not.toContain('forged');
    expect(JSON.parse(stdout).at).toContain('whodisk-build-');
  });

  it('says what to do where the build tools are not installed', async () => {
    rmSync(path.join(checkout, 'node_modules', 'esbuild'));
    const { code, stdout, stderr } = await whodisk([]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('npm ci');
    expect(stderr).toContain('--omit=dev');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names file and line of a source that does not compile', async () => {
    source('functions/cli/main.ts', 'export const main = (\n;');
    const { code, stderr } = await whodisk([]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/functions\/cli\/main\.ts:2:1: /);
  });

  it('refuses to build a module that reads a file which would not be shipped', async () => {
    source('runner/bundle/script.ts', SCRIPT.replace('./bundle.sh', '../elsewhere.sh'));
    expect((await whodisk([])).stderr).toContain("new URL('../elsewhere.sh', import.meta.url) cannot be shipped");
  });
});

describe('as a process', () => {
  it('ends when main has ended, whatever is still open', async () => {
    expect((await whodisk(['leak'])).code).toBe(1);
  });

  it('exits with 1 and the stack of a bug', async () => {
    const { code, stderr } = await whodisk(['throw']);
    expect(code).toBe(1);
    expect(stderr).toContain('this is a bug');
    expect(stderr).toContain('TypeError: a bug');
  });

  it('bears a reader that went away', () => {
    const command = `"${process.execPath}" bin/whodisk.js x | true`;
    expect(execFileSync('sh', ['-c', `${command} 2>&1`], { cwd: checkout, encoding: 'utf8' })).toBe('');
  });

  it('tells an old Node that it is too old, in syntax that an old Node reads', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})";
    const { code, stdout, stderr } = await run(['--import', pretend, 'bin/whodisk.js']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('needs Node.js 20 or newer, and this is 18.20.4');
  });
});

describe('in an installed package', () => {
  it('runs the built file that came with it', async () => {
    const built = await run(['scripts/build.js']);
    expect(built.code).toBe(0);
    for (const name of ['functions', 'runner', 'scripts', 'node_modules/esbuild'])
      rmSync(path.join(checkout, name), { recursive: true });
    const { stdout, stderr } = await whodisk(['x']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ argv: ['x'], asset: 'the bundle\n' });
  });

  it('says so when the built file is missing', async () => {
    for (const name of ['functions', 'runner', 'scripts']) rmSync(path.join(checkout, name), { recursive: true });
    const { code, stderr } = await whodisk([]);
    expect(code).toBe(1);
    expect(stderr).toContain('not complete');
  });
});

describe('npm run bench:host and its like', () => {
  it('run a TypeScript file with its arguments, in which paths beside the sources hold', async () => {
    source(
      'test/bench/one.ts',
      "import { asset } from '../../runner/bundle/script.ts';\nconsole.log(asset(), process.argv.slice(2));\n",
    );
    const { code, stdout, stderr } = await run(['scripts/run-ts.js', 'test/bench/one.ts', 'a']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe("the bundle\n [ 'a' ]\n");
  });

  it('name file and line of what is thrown', async () => {
    source('test/bench/two.ts', 'const a: number = 1;\n\nthrow new Error(String(a));\n');
    const { code, stderr } = await run(['scripts/run-ts.js', 'test/bench/two.ts']);
    expect(code).toBe(1);
    expect(stderr).toContain('two.ts:3');
  });
});

function source(name: string, content: string): void {
  mkdirSync(path.dirname(path.join(checkout, name)), { recursive: true });
  writeFileSync(path.join(checkout, name), content);
}

function install(...packages: string[]): void {
  mkdirSync(path.join(checkout, 'node_modules'));
  for (const name of packages)
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(checkout, 'node_modules', name));
}

function builds(): string[] {
  return readdirSync(path.join(checkout, 'node_modules', '.cache', 'whodisk'));
}

type Ended = { code: number; stdout: string; stderr: string };

function whodisk(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return run(['bin/whodisk.js', ...args], env);
}

function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: checkout, env: { ...process.env, ...env }, timeout: 20_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      },
    );
  });
}
