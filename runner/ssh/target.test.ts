import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalTarget, readTarget } from './target.ts';

describe('a target', () => {
  test.each([
    ['db1', undefined, 'db1', undefined],
    ['root@db1', 'root', 'db1', undefined],
    ['root@DB1.Example.com:2222', 'root', 'DB1.Example.com', 2222],
    ['10.0.0.1:1', undefined, '10.0.0.1', 1],
    ['[::1]:22', undefined, '::1', 22],
    ['root@[fe80::1%eth0]', 'root', 'fe80::1%eth0', undefined],
    ['::1', undefined, '::1', undefined],
    ['root@2001:db8::7', 'root', '2001:db8::7', undefined],
    ['my_host.', undefined, 'my_host.', undefined],
  ])('%s is read', (text, user, host, port) => {
    expect(readTarget(text)).toEqual({ kind: 'target', user, host, port });
  });

  test.each([
    ['', 'empty'],
    ['a b', 'space'],
    ['-oProxyCommand=x', 'starts with "-"'],
    ['@web', 'nothing before "@"'],
    ['ssh://web', 'is a URL'],
    ['root@', 'no host'],
    ['root@:22', 'host is empty'],
    ['a:0', 'port'],
    ['a:65536', 'port'],
    ['a:22x', 'port'],
    ['a:', 'port'],
    ['a:1:2', 'several colons'],
    ['[::1', 'never closed'],
    ['[::1]22', 'after "]"'],
    ['[db1]:22', 'IPv6'],
    ['db-[1-20]', 'sets'],
    ['db-{1,2}', 'sets'],
    ['a..b', 'two dots'],
    ['-x.example', '"-"'],
    ['root@-x', '-x'],
    ['-l@host', '"-"'],
    ['1.2.3', 'IPv4'],
    ['256.1.1.1', 'IPv4'],
    ['0x7f.1', 'IPv4'],
    ['db\u0000', 'control'],
    ['db\u202e1', 'control'],
    ['db\u001b[31m', 'control'],
    ['dbé', 'no part of a host name'],
    ['$(id)', 'no part of a host name'],
    ['a$b@host', 'user name'],
    [`${'a'.repeat(64)}.example`, '63'],
    [`${'a.'.repeat(140)}a`, '253'],
    ['a'.repeat(1000), '1000 characters'],
  ])('%j is refused, and why', (text, says) => {
    const parsed = readTarget(text);
    expect(parsed.kind).toBe('target-error');
    if (parsed.kind === 'target-error') expect(parsed.message).toContain(says);
  });

  test.each(['ansible_password=hunter2', 'password=x@hunter2!', 'password=x:hunter2', 'a@password=[hunter2'])(
    'that may be a secret is not repeated: %j',
    (text) => {
      expect(readTarget(text)).toMatchObject({ kind: 'target-error', message: expect.stringContaining('password=…') });
      expect(JSON.stringify(readTarget(text))).not.toContain('hunter2');
    },
  );

  test('of whatever text: a message without control characters, or a host that no shell and no option parser minds', () => {
    const alphabet = fc.constantFrom(...'ab1.-_@:[]%* \u001b\u202e\n;$');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: alphabet })), (text) => {
        const parsed = readTarget(text);
        if (parsed.kind === 'target-error') {
          expect(parsed.message).not.toMatch(/[\x00-\x1f\x7f]/);
          return;
        }
        expect(parsed.host).toMatch(/^[a-z0-9_:][a-z0-9_.:%-]*$/i);
        const whole = { user: 'me', port: 22, ...parsed };
        expect(whole.port).toBeGreaterThan(0);
        expect(readTarget(canonicalTarget(whole))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});
