import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knownHostsLine, makeHostKey } from '../../test/faults/ssh-server.ts';
import { lookUpKnownHost, parseKnownHosts } from './known-hosts.ts';

const KEY = knownHostsLine('', makeHostKey()).trim();
const OTHER = knownHostsLine('', makeHostKey('ecdsa')).trim();

function linesFor(text: string, host: string, port = 22) {
  const { trusted, revoked, authorities, trustedWithoutPort } = lookUpKnownHost(
    [parseKnownHosts(text, 'f')],
    host,
    port,
  );
  const lines = (keys: typeof trusted) => keys.map(({ line }) => line);
  return {
    trusted: lines(trusted),
    revoked: lines(revoked),
    authorities: lines(authorities),
    withoutPort: lines(trustedWithoutPort),
  };
}

function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdefghij');
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

describe('known_hosts', () => {
  test.each([
    ['a plain name', `db1 ${KEY}`, 'db1', 22, true],
    ['another name', `db1 ${KEY}`, 'db2', 22, false],
    ['one of a list', `a,db1,10.0.0.1 ${KEY} comment here`, '10.0.0.1', 22, true],
    ['upper case', `DB1 ${KEY}`, 'Db1', 22, true],
    ['a port', `[db1]:2222 ${KEY}`, 'db1', 2222, true],
    ['another port', `[db1]:2222 ${KEY}`, 'db1', 2223, false],
    ['a port entry for port 22', `[db1]:2222 ${KEY}`, 'db1', 22, false],
    ['a pattern', `*.example ${KEY}`, 'db1.example', 22, true],
    ['a question mark', `db? ${KEY}`, 'db1', 22, true],
    ['a question mark for two', `db? ${KEY}`, 'db12', 22, false],
    ['a negation', `*.example,!db1.example ${KEY}`, 'db1.example', 22, false],
    ['a negation first', `!db1.example,*.example ${KEY}`, 'db2.example', 22, true],
    ['a negation alone', `!db1.example ${KEY}`, 'db2.example', 22, false],
    ['a pattern with a port', `[*.example]:2222 ${KEY}`, 'db1.example', 2222, true],
    ['a hashed name', `${hashed('db1')} ${KEY}`, 'db1', 22, true],
    ['a hashed name with a port', `${hashed('[db1]:2222')} ${KEY}`, 'db1', 2222, true],
    ['another hashed name', `${hashed('db1')} ${KEY}`, 'db2', 22, false],
    ['tabs and leading space', `  \tdb1\t${KEY.replace(' ', '\t')}`, 'db1', 22, true],
    ['CRLF', `db1 ${KEY}\r`, 'db1', 22, true],
    ['a comment', `#db1 ${KEY}`, 'db1', 22, false],
    ['an IPv6 address', `2001:db8::1 ${KEY}`, '2001:db8::1', 22, true],
  ])('%s', (_, line, host, port, found) => {
    expect(linesFor(line, host, port).trusted).toEqual(found ? [1] : []);
  });

  test('markers keep keys apart, and revoked ones count on every port', () => {
    const text = `db1 ${KEY}\n@revoked db1 ${OTHER}\n@cert-authority *.example,db1 ${OTHER}`;
    expect(linesFor(text, 'db1')).toEqual({ trusted: [1], revoked: [2], authorities: [3], withoutPort: [] });
    expect(linesFor(text, 'db1', 2222)).toEqual({ trusted: [], revoked: [2], authorities: [3], withoutPort: [1] });
  });

  test('malformed lines are reported by number, and the others hold', () => {
    const cut = KEY.slice(0, -8);
    const wrongType = `ssh-rsa ${KEY.split(' ')[1]}`;
    const lines = [
      'db1',
      'db1 ssh-ed25519',
      `db1 ${cut}`,
      `db1 ${wrongType}`,
      `@what db1 ${KEY}`,
      'db1 1024 35 123456',
    ];
    const more = [`|1|abc|def ${KEY}`, `|2|${hashed('db1').slice(3)} ${KEY}`, 'db1 ssh-ed25519 !!!!', `db1 ${KEY}`];
    const parsed = parseKnownHosts([...lines, ...more].join('\n'), 'f');
    expect(parsed.problems.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(lookUpKnownHost([parsed], 'db1', 22).trusted.map(({ line }) => line)).toEqual([10]);
  });

  test('any text parses, and each of its lines is an entry, a problem or nothing', () => {
    const word = fc.constantFrom(
      'db1',
      '*',
      '!',
      KEY,
      OTHER,
      '@revoked',
      '@cert-authority',
      '|1|',
      hashed('x'),
      '#',
      ' ',
      '',
    );
    const line = fc.oneof(
      fc.array(word).map((words) => words.join(' ')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join('\n');
        const parsed = parseKnownHosts(text, 'f');
        expect(parsed.problems.length).toBeLessThanOrEqual(text.split('\n').length);
        const found = lookUpKnownHost([parsed], 'db1', 22);
        for (const key of found.trusted) expect([KEY, OTHER].join()).toContain(key.blob.toString('base64'));
      }),
    );
  });

  test('a pattern made to be slow is not', () => {
    const text = `${'*a'.repeat(500)}*b ${KEY}`;
    const started = performance.now();
    expect(linesFor(text, 'a'.repeat(250)).trusted).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
