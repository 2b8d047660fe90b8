import { expect, test } from 'vitest';
import { programName } from './program-name.ts';

const NPX = { npm_lifecycle_event: 'npx', npm_lifecycle_script: 'whodisk demo' };
const SUDO = { SUDO_UID: '1000' };

test.each([
  ['from a shell', {}, 1000, 'whodisk'],
  ['by npx', NPX, 1000, 'npx whodisk'],
  ['by a script that npx started', { ...NPX, npm_lifecycle_script: 'vitest run' }, 1000, 'whodisk'],
  ['by a script of a package', { npm_lifecycle_event: 'test', npm_lifecycle_script: 'whodisk' }, 1000, 'whodisk'],
  ['by sudo', SUDO, 0, 'sudo whodisk'],
  ['by sudo and npx', { ...SUDO, ...NPX }, 0, 'sudo npx whodisk'],
  ['by a root who is root anyway', { SUDO_UID: '0' }, 0, 'whodisk'],
  ['by somebody who is not root any more', SUDO, 65_534, 'whodisk'],
  ['where there are no such numbers', SUDO, undefined, 'whodisk'],
])('started %s it is started again so', (_, env, uid, program) => {
  expect(programName(env, uid)).toBe(program);
});
