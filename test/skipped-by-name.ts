import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reporter } from 'vitest/node';
import { howToGet, type Need } from './need-providers.ts';

/** A test file that was not run because of what this machine lacks. */
export type SkippedFile = { file: string; missing: Need[] };

const PATH_VARIABLE = 'WHODISK_TEST_SKIPPED_FILE';

/** Names a new record. To be called by vitest's configuration, before the workers that inherit its path are started. */
export function startRecordOfSkipped(): void {
  process.env[PATH_VARIABLE] = path.join(tmpdir(), `whodisk-test-skipped-${randomUUID()}.jsonl`);
}

/** Adds to the record, from whatever process a test file runs in. */
export function noteSkipped(skipped: SkippedFile): void {
  const record = process.env[PATH_VARIABLE];
  if (record !== undefined) appendFileSync(record, `${JSON.stringify(skipped)}\n`);
}

/** The last words of a run: which test files were skipped by name, and the commands after which they are not. */
export class SkippedByName implements Reporter {
  onTestRunEnd(): void {
    const skipped = readRecord();
    if (skipped.length > 0) process.stdout.write(skippedText(skipped, process.cwd()));
  }
}

/** The text for the terminal: a line for each file, relative to `folder`, then the commands. */
export function skippedText(skipped: readonly SkippedFile[], folder: string): string {
  const files = new Map<string, Set<Need>>();
  for (const { file, missing } of skipped) {
    const name = path.relative(folder, file);
    files.set(name, new Set([...(files.get(name) ?? []), ...missing]));
  }
  const width = Math.max(...[...files.keys()].map((name) => name.length));
  const lines = [...files].map(([name, missing]) => `  ${name.padEnd(width)}  needs ${[...missing].join(', ')}`);
  const commands = howToGet(skipped.flatMap(({ missing }) => missing)).map((command) => `  ${command}`);
  return [
    '\nNot run, or not wholly run, for want of something on this machine:',
    ...lines.sort(),
    'To run them:',
    ...commands,
    '',
    '',
  ].join('\n');
}

function readRecord(): SkippedFile[] {
  const record = process.env[PATH_VARIABLE];
  if (record === undefined) return [];
  try {
    const lines = readFileSync(record, 'utf8').trimEnd().split('\n');
    return lines.map((line): SkippedFile => JSON.parse(line));
  } catch {
    return []; // nothing was skipped
  } finally {
    rmSync(record, { force: true });
  }
}
