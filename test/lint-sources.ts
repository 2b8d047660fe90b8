import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

type Override = { includes: string[]; linter: { rules: { style?: Record<string, unknown> } } };

/** The project's own Biome settings. */
export const SETTINGS: { overrides: Override[] } = JSON.parse(readFileSync(path.join(ROOT, 'biome.json'), 'utf8'));

/** One complaint: the rule's bare name, the line counted from 1. */
type Complaint = { file: string; line: number; rule: string; message: string };

/** The parts that are read here of Biome's rdjson report. */
type Report = {
  diagnostics: {
    message: string;
    code: { value: string };
    location: { path: string; range: { start: { line: number } } };
  }[];
};

/**
 * What Biome says of files with these lines, by the project's own settings or by others, in the order of lines.
 *
 * @throws Error when Biome does not get as far as linting
 */
export function lint(files: Record<string, string[]>, settings: object = SETTINGS): Complaint[] {
  const tree = mkdtempSync(path.join(tmpdir(), 'whodisk-lint-'));
  try {
    writeFileSync(path.join(tree, 'biome.json'), JSON.stringify({ ...settings, $schema: undefined }));
    for (const [file, lines] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), `${lines.join('\n')}\n`);
    }
    return runBiome(tree)
      .diagnostics.map(({ message, code, location }) => ({
        file: path.relative(tree, path.resolve(tree, location.path)),
        line: location.range.start.line,
        rule: code.value.slice(code.value.lastIndexOf('/') + 1),
        message,
      }))
      .sort((one, other) => one.line - other.line);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function runBiome(tree: string): Report {
  const biome = path.join(ROOT, 'node_modules', '.bin', 'biome');
  const args = ['lint', '--reporter=rdjson', '--max-diagnostics=none'];
  const { stdout, stderr } = spawnSync(biome, args, { cwd: tree, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`biome did not lint: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}
