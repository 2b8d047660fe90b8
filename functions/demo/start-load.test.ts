import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('what writes to a machine is started by whodisk demo alone: no sweep and no service leads there', () => {
  const importers = ['bin', 'functions', 'infra', 'runner']
    .flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((name) => /\.(ts|tsx|js)$/u.test(name) && !name.includes('.test.') && !name.startsWith('functions/demo/'))
    .filter((name) => {
      const source = readFileSync(`${ROOT}${name}`, 'utf8').replace(/^import type [^;]*;/gmu, '');
      return /demo\/(?:start-load|put-back|run-program)\.ts'|import\('[^']*demo\/|demo-writer/u.test(source);
    });
  expect(importers).toEqual(['functions/cli/demo-command.ts']);
});
