import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildInput, bundleHash, commandFor, type Privilege, readBundle } from './script.ts';

const CALL = { nonce: '0123456789abcdef0123456789abcdef', windowSeconds: 5, deadlineSeconds: 15, args: false };
const SOURCE = readFileSync(new URL('./bundle.sh', import.meta.url), 'utf8');

describe('what is sent to a host', () => {
  test('is the bundle without comments, indentation and blank lines, every other line kept', () => {
    const kept = SOURCE.split('\n').map((line) => line.trim());
    expect(readBundle().split('\n')).toEqual(kept.filter((line) => line !== '' && !line.startsWith('#')));
  });

  test('has a hash that anyone can compute from it', () => {
    expect(bundleHash()).toBe(createHash('sha256').update(readBundle()).digest('hex'));
  });

  test('ends with the call, and nothing runs before it', () => {
    const lines = buildInput({ ...CALL, args: true }).split('\n');
    expect(lines.slice(-3)).toEqual([`whodisk ${CALL.nonce} 5 15 1 "\${1:-user}"`, '}', '']);
    expect(lines[1]).toBe('{');
  });

  test('names the length of its body, which bash reads in one go', () => {
    const [first = '', ...rest] = buildInput(CALL).split('\n');
    expect(first).toContain(`read -r -N ${Buffer.byteLength(rest.join('\n'))} `);
  });

  test('has no here-document and no redirection into a file', () => {
    const shipped = readBundle();
    expect(shipped).not.toMatch(/<<(?!\w*\s*=)/);
    const targets = [...shipped.matchAll(/(?:^|[^-=<>0-9&|])[0-9]?>{1,2}\s*([^\s;)&=]+)/gm)].map(
      ([, target]) => target,
    );
    expect(targets.filter((target) => target?.startsWith('/') && target !== '/dev/null')).toEqual([]);
  });

  test.each([
    ['nonce', { nonce: 'ABC' }],
    ['nonce', { nonce: `${CALL.nonce};id` }],
    ['windowSeconds', { windowSeconds: 0 }],
    ['windowSeconds', { windowSeconds: 61 }],
    ['windowSeconds', { windowSeconds: 1.5 }],
    ['deadlineSeconds', { deadlineSeconds: 5 }],
    ['deadlineSeconds', { deadlineSeconds: Number.NaN }],
  ])('is refused with a %s out of its range', (what, change) => {
    expect(() => buildInput({ ...CALL, ...change })).toThrow(TypeError);
    expect(() => buildInput({ ...CALL, ...change })).toThrow(what);
  });
});

describe('the command line for the login shell', () => {
  const all: Privilege[] = ['auto', 'root', 'user'];

  test.each(all)('means the same to sh, csh and fish: %s', (privilege) => {
    const command = commandFor(privilege);
    expect(command).toMatch(/^exec \/bin\/sh -c '[^'\n!\\]*'$/);
  });

  test.each(all)('starts a shell that reads its script from stdin: %s', (privilege) => {
    const isRoot = process.getuid?.() === 0;
    if (privilege === 'root' && !isRoot) return;
    const { stdout } = spawnSync('/bin/sh', ['-c', commandFor(privilege)], {
      input: 'echo "<$1>"\n',
      encoding: 'utf8',
    });
    expect(stdout).toMatch(privilege === 'user' ? /^<user>\n$/ : isRoot ? /^<root>\n$/ : /^<(sudo|user)>\n$/);
  });

  test('is refused for an unknown privilege', () => {
    expect(() => commandFor('wheel' as Privilege)).toThrow(TypeError);
    expect(() => commandFor('constructor' as Privilege)).toThrow(TypeError);
  });
});
