/** `npm run package` in a copy of the checkout, so that nobody else's build is touched. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import type { Template } from '../cloud/template.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const NEEDED = ['scripts', 'functions', 'runner', 'infra', 'serverless.yml', 'package.json'];

export interface Packed {
  /** With the zips. */
  readonly folder: string;
  /** Without what differs each time: the folder of the deployment bucket, which has the time for a name. */
  readonly template: Template & { readonly Outputs: unknown };
  /** What is in the bundle of a function. */
  metafileOf(name: string): Metafile;
  /** Where the built function is. */
  builtOf(name: string): string;
}

/** @param folder is made  @param words for the command line, such as `--config FILE`  @throws with what was said */
export async function pack(folder: string, words: readonly string[]): Promise<Packed> {
  mkdirSync(folder, { recursive: true });
  for (const name of NEEDED) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  if (!existsSync(path.join(folder, 'node_modules'))) {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  }
  // Neither an account nor what a developer's own environment says of one.
  const env = { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' };
  await promisify(execFile)(process.execPath, ['scripts/deploy.js', 'package', '--stage', 'test', ...words], {
    cwd: folder,
    env,
  });
  const packed = path.join(folder, '.serverless');
  const text = readFileSync(path.join(packed, 'cloudformation-template-update-stack.json'), 'utf8');
  return {
    folder: packed,
    template: JSON.parse(text.replaceAll(/serverless\/whodisk\/test\/[^/"]+\//g, 'DEPLOYMENT/')),
    metafileOf: (name) => JSON.parse(readFileSync(path.join(folder, 'build', 'lambda', `${name}.meta.json`), 'utf8')),
    builtOf: (name) => path.join(folder, 'build', 'lambda', name, 'index.mjs'),
  };
}
