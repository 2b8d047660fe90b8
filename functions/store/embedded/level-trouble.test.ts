import { expect, test } from 'vitest';
import { levelTroubleOf, problemOfTrouble } from './level-trouble.ts';

const level = (code: string, message: string): Error =>
  new Error('Database failed to open', { cause: Object.assign(new Error(message), { code }) });

test.each([
  ['LEVEL_LOCKED', 'IO error: lock /s/store/LOCK: Resource temporarily unavailable', 'locked'],
  ['LEVEL_CORRUPTION', 'Corruption: 1 missing files; e.g.: /s/store/000005.ldb', 'corrupt'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/MANIFEST-000004: No such file or directory', 'corrupt'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/000009.log: No space left on device', 'no-space'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/000009.log: Disk quota exceeded', 'no-space'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/LOCK: Permission denied', 'not-writable'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/LOCK: Read-only file system', 'not-writable'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/000005.ldb: Input/output error', 'failed'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/000005.ldb: Too many open files', 'no-descriptors'],
  ['LEVEL_IO_ERROR', 'IO error: /s/store/000005.ldb: No such file or directory', 'failed'],
])('%s, %s: %s', (code, message, kind) => {
  const trouble = levelTroubleOf(level(code, message));
  expect(trouble).toEqual({ kind, message });
  expect(problemOfTrouble(trouble, '/s').mend).not.toBe('');
});

test('anything else is a failure, never a reason to set the store aside', () => {
  expect(levelTroubleOf(new Error('Database is closed')).kind).toBe('closed');
  expect(levelTroubleOf('a string').kind).toBe('failed');
  expect(levelTroubleOf(undefined).kind).toBe('failed');
});
