import { expect, test } from 'vitest';
import { filesProblem, MOST_FILE_BYTES, MOST_FILES } from './config-file-names.ts';

const files = (...names: string[]) => names.map((name) => ({ name, bytes: 1 }));

test.each([
  ['..'],
  ['../whodisk.yml'],
  ['a/../../b'],
  ['/etc/passwd'],
  ['a//b'],
  ['./a'],
  ['a/.'],
  [''],
  ['a\0b'],
  ['a\nb'],
  ['a\\..\\b'],
  ['\ud800'],
  ['x'.repeat(256)],
])('%j is no file below a folder', (name) => {
  expect(filesProblem(files('whodisk.yml', name))).toContain('is no name of a file');
});

test('ordinary names are, however deep they lie', () => {
  expect(
    filesProblem(files('whodisk.yml', 'known_hosts', 'inventories/a.ini', 'inventories/..b/ü', '...')),
  ).toBeUndefined();
});

test('a file cannot be a folder as well', () => {
  expect(filesProblem(files('a/b', 'a'))).toContain('rename one of the two');
  expect(filesProblem(files('a/b/c', 'a/b'))).toContain('rename one of the two');
  expect(filesProblem(files('a/b', 'a.b', 'ab'))).toBeUndefined();
});

test('neither many files nor large ones are a configuration', () => {
  const many = Array.from({ length: MOST_FILES + 1 }, (_, n) => `f${n}`);
  expect(filesProblem(files(...many))).toContain(`more than ${MOST_FILES} files`);
  expect(filesProblem(files(...many.slice(1)))).toBeUndefined();
  expect(filesProblem([{ name: 'a', bytes: MOST_FILE_BYTES + 1 }])).toContain('16 MiB');
  expect(filesProblem(many.slice(1, 10).map((name) => ({ name, bytes: MOST_FILE_BYTES })))).toContain('together');
});
