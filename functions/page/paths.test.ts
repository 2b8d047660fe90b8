import { expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/hostile-text.ts';
import { rootOf } from './env.ts';
import { hostPath, query, sweepHostPath } from './paths.ts';

it.each([
  ['/', './'],
  ['/sweeps', './'],
  ['/sweeps/X', '../'],
  ['/sweeps/X/hosts/a%2Fb', '../../../'],
])('from %s the root is %s', (path, root) => {
  expect(rootOf(`http://whodisk.example${path}?a=/b`)).toBe(root);
});

it('a name is one part of a path, whatever it is', () => {
  for (const name of [...HOSTILE_TEXTS, 'a/b', '../..', 'a?b#c', 'root@db:22']) {
    const { pathname } = new URL(hostPath(name), 'http://whodisk.example/');
    expect(pathname.split('/')).toHaveLength(3);
  }
  expect(decodeURIComponent(sweepHostPath('X', 'a/b c').split('/').at(-1) ?? '')).toBe('a/b c');
});

it('a query has what is there', () => {
  expect(query({ a: 'x y&z', b: undefined })).toBe('?a=x%20y%26z');
  expect(query({ b: undefined })).toBe('');
});
