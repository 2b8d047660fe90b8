import { expect, test } from 'vitest';
import { readPlainList } from './plain-list.ts';

const hostsOf = (text: string) => {
  const read = readPlainList(text, 'hosts');
  if (read.kind === 'problems') return read.problems;
  return [...read.inventory.hosts.values()].map(({ name, settings, where }) => ({ name, ...settings, where }));
};

test('a plain list names hosts, users, ports, folded sets and comments', () => {
  const text =
    '\uFEFF# fleet\r\nweb1\r\n  db[1-2, 4] root@edge:2222 # the edge\r\n\r\n::1\n[::1]:22\r10.0.0.1:2201\n10.0.0.1:2202\n';
  expect(hostsOf(text)).toEqual([
    { name: 'web1', where: 'hosts line 2' },
    { name: 'db1', where: 'hosts line 3' },
    { name: 'db2', where: 'hosts line 3' },
    { name: 'db4', where: 'hosts line 3' },
    { name: 'edge:2222', port: 2222, user: 'root', where: 'hosts line 3' },
    { name: '::1', where: 'hosts line 5' },
    { name: '[::1]:22', port: 22, where: 'hosts line 6' },
    { name: '10.0.0.1:2201', port: 2201, where: 'hosts line 7' },
    { name: '10.0.0.1:2202', port: 2202, where: 'hosts line 8' },
  ]);
});

test('a host that stands twice is there once, and two users for one host are a problem', () => {
  expect(hostsOf('a\nb\na\n')).toHaveLength(2);
  expect(hostsOf('root@a\nadmin@a')).toEqual([
    { file: 'hosts', line: 2, message: expect.stringContaining('another user on hosts line 1') },
  ]);
});

test('every malformed line is named, up to twenty', () => {
  expect(hostsOf('a\nb c_-\nd[1-\n\u0007e\n-oProxyCommand=x\n')).toEqual([
    { file: 'hosts', line: 2, message: expect.stringContaining('"c_-"') },
    { file: 'hosts', line: 3, message: expect.stringContaining('never closed') },
    { file: 'hosts', line: 4, column: 1, message: expect.stringContaining('control character') },
    { file: 'hosts', line: 5, message: expect.stringContaining('an option') },
  ]);
  const many = hostsOf('-x\n'.repeat(50));
  expect(many).toHaveLength(21);
  expect(many.at(-1)).toEqual({ file: 'hosts', message: 'and 30 more.' });
});

test('hostile sizes end soon: an endless line, a million bad lines, a set for each line', () => {
  expect(hostsOf('x'.repeat(10_000_000))).toEqual([
    { file: 'hosts', line: 1, message: expect.stringContaining('10000000 characters') },
  ]);
  expect(hostsOf('-x\n'.repeat(3_000_000)).at(-1)).toMatchObject({ message: 'and 980 or more.' });
  expect(hostsOf('a[1-99999]\nb[1-99999]\n'.repeat(1000)).at(0)).toMatchObject({
    line: 2,
    message: expect.stringContaining('100000 hosts'),
  });
}, 30_000);
