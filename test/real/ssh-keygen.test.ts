import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../runner/ssh/host-key.ts';
import { lookUpKnownHost, parseKnownHosts } from '../../runner/ssh/known-hosts.ts';
import { knownHostsLine, makeHostKey } from '../faults/ssh-server.ts';
import { needs } from '../needs.ts';

const need = needs('openssh-client');
const KEYS = [makeHostKey(), makeHostKey('ecdsa')].map((key) => knownHostsLine('', key).trim());

/** The line numbers that `ssh-keygen -F` finds. */
function linesOfKeygen(file: string, name: string): number[] {
  try {
    const output = execFileSync('ssh-keygen', ['-F', name, '-f', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...output.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
  } catch {
    return []; // it exits with 1 where nothing is found
  }
}

function linesOfOurs(text: string, host: string, port: number): number[] {
  const known = lookUpKnownHost([parseKnownHosts(text, 'f')], host, port);
  const keys = [known.trusted, known.revoked, known.authorities].flat();
  return [...new Set(keys.map(({ line }) => line))].sort((a, b) => a - b);
}

const part = fc.constantFrom(
  'a',
  'b',
  'a.x',
  'ab.x',
  '10.0.0.1',
  '*',
  '?',
  'a*',
  '*.x',
  '!a',
  '!*.x',
  '[a]:2222',
  '[*]:2222',
  '[a*]:22',
);
const hosts = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(','));
const marker = fc.constantFrom('', '', '', '@revoked ', '@cert-authority ', '  ', '#');
const line = fc.tuple(marker, hosts, fc.constantFrom(...KEYS)).map(([mark, names, key]) => `${mark}${names} ${key}`);

describe.skipIf(need.skip)('known_hosts as ssh-keygen -F reads it', () => {
  test.each([false, true])('finds the same lines in generated files (hashed: %s)', { timeout: 60_000 }, (isHashed) => {
    const folder = mkdtempSync(join(tmpdir(), 'whodisk-known-'));
    const file = join(folder, 'known_hosts');
    try {
      fc.assert(
        fc.property(
          fc.array(line, { minLength: 1, maxLength: 6 }),
          fc.constantFrom('a', 'b', 'a.x', 'ab.x', '10.0.0.1'),
          fc.constantFrom(22, 2222),
          (lines, host, port) => {
            let text = `${lines.join('\n')}\n`;
            writeFileSync(file, text);
            if (isHashed) {
              execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
              text = execFileSync('cat', [file], { encoding: 'utf8' });
            }
            const name = port === 22 ? host : `[${host}]:${port}`;
            const found = linesOfKeygen(file, name);
            // What is revoked or an authority for the bare name counts on its other ports too.
            const alsoBare = port === 22 ? [] : linesOfKeygen(file, host).filter((number) => isMarked(text, number));
            expect(linesOfOurs(text, host, port)).toEqual([...new Set([...found, ...alsoBare])].sort((a, b) => a - b));
          },
        ),
        { numRuns: 150 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test.skipIf(need.skip)('a fingerprint is the one that ssh-keygen shows', () => {
  for (const key of KEYS) {
    const shown = execFileSync('ssh-keygen', ['-lf', '-'], { input: key, encoding: 'utf8' });
    expect(shown).toContain(fingerprint(Buffer.from(key.split(' ')[1] ?? '', 'base64')));
  }
});

function isMarked(text: string, line: number): boolean {
  return text.split('\n')[line - 1]?.startsWith('@') ?? false;
}
