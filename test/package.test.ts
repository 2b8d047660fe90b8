import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PACKAGE: { version: string } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const LOCK: { packages: Record<string, { dev?: boolean; optional?: boolean; resolved?: string }> } = JSON.parse(
  readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
);
const run = promisify(execFile);

let folder: string;
let installed: string;
let packed: string[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-package-'));
  // A copy, so that packing does not build into the checkout in which other tests run.
  const copy = path.join(folder, 'checkout');
  for (const name of ['bin', 'scripts', 'functions', 'runner', 'package.json', 'LICENSE', 'README.md', 'docs', 'man']) {
    if (existsSync(path.join(ROOT, name))) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy });
  const tarball = path.join(folder, `whodisk-${PACKAGE.version}.tgz`);
  packed = (await run('tar', ['-tzf', tarball])).stdout.trim().split('\n').sort();

  const packages = path.join(folder, 'elsewhere', 'node_modules');
  for (const [name, { dev }] of Object.entries(LOCK.packages)) {
    if (name === '' || dev === true || !existsSync(path.join(ROOT, name))) continue;
    const target = path.join(folder, 'elsewhere', name);
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(path.join(ROOT, name), target, { recursive: true });
  }
  installed = path.join(packages, 'whodisk');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('carries the built program and its papers, no source and no test', () => {
    // What is loaded only when it is needed, such as the store, is a part with a hash for a name.
    const isPart = (name: string): boolean => /^package\/dist\/part-[0-9A-Z]{8}\.mjs$/.test(name);
    expect(packed.some(isPart)).toBe(true);
    expect(packed.filter((name) => !isPart(name))).toEqual(
      [
        'LICENSE',
        'README.md',
        'bin/launch.js',
        'bin/whodisk.js',
        'dist/bundle.sh',
        'dist/demo-writer.js',
        'dist/examples.json',
        'dist/main.mjs',
        'dist/page.css',
        'dist/recorded-app-1.txt',
        'dist/recorded-app-2.txt',
        'dist/recorded-batch-1.txt',
        'dist/recorded-batch-2.txt',
        'dist/recorded-batch-3.txt',
        'dist/recorded-ci-1.txt',
        'dist/recorded-db-1.txt',
        'dist/recorded-db-2.txt',
        'dist/recorded-db-3.txt',
        'dist/recorded-nas-1.txt',
        'dist/recorded-web-1.txt',
        'docs/alerts.md',
        'docs/api.md',
        'docs/captures.md',
        'docs/fleet.md',
        'docs/page.md',
        'docs/schedules.md',
        'docs/serve.md',
        'docs/serverless.md',
        'docs/shell.md',
        'docs/slack-manifest.yaml',
        'docs/slack.md',
        'docs/store.md',
        'docs/terminal.md',
        'docs/whodisk.service',
        'man/whodisk.1',
        'package.json',
      ].map((name) => `package/${name}`),
    );
  });

  it.each([['--version'], ['--help'], ['schema']])(
    'runs on its own with the production packages only, without a warning of theirs: whodisk %s',
    async (argument) => {
      const flags = ['--throw-deprecation', '--pending-deprecation', '--trace-warnings'];
      const { stdout, stderr } = await run(process.execPath, [
        ...flags,
        path.join(installed, 'bin', 'whodisk.js'),
        argument,
      ]);
      expect(stderr).toBe('');
      expect(stdout.length).toBeGreaterThan(4);
      if (argument === '--version') expect(stdout.trim()).toBe(PACKAGE.version);
    },
  );
});

describe('the lockfile', () => {
  it('names no registry, so that it installs from whichever one is configured', () => {
    expect(Object.entries(LOCK.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('pins all that is installed', () => {
    const missing = Object.entries(LOCK.packages).filter(
      ([name, { optional }]) => optional !== true && !existsSync(path.join(ROOT, name)),
    );
    expect(missing).toEqual([]);
  });
});
