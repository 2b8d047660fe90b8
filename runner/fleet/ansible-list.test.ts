import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnsibleList } from './ansible-list.ts';
import { jsonErrorOffset } from './json-error.ts';

const read = (value: unknown) => {
  const answer = readAnsibleList(typeof value === 'string' ? value : JSON.stringify(value), 'list.json');
  return answer.kind === 'problems' ? answer.problems : answer.inventory;
};

describe('the JSON of ansible-inventory --list', () => {
  test('holds groups, nested groups and the variables of hosts and groups', () => {
    const inventory = read({
      _meta: { hostvars: { a: { ansible_host: '192.0.2.1' }, ghost: { ansible_user: 'x' } } },
      all: { children: ['ungrouped', 'db'] },
      db: { hosts: ['a'], children: ['old'], vars: { ansible_user: 'dba' } },
      old: ['b', 'root@c', 'root@e:2222'],
      ungrouped: { hosts: ['d'] },
    });
    expect(inventory).toMatchObject({
      groups: new Map([
        ['db', ['a', 'b', 'root@c', 'root@e:2222']],
        ['old', ['b', 'root@c', 'root@e:2222']],
        ['ungrouped', ['d']],
      ]),
    });
    const settings = 'hosts' in inventory ? [...inventory.hosts].map(([name, host]) => [name, host.settings]) : [];
    expect(settings).toEqual([
      ['a', { user: 'dba', address: '192.0.2.1' }],
      ['b', { user: 'dba' }],
      ['root@c', { user: 'root' }],
      ['root@e:2222', { user: 'root', port: 2222 }],
      ['d', {}],
    ]);
  });

  test('takes names such as __proto__ for names', () => {
    const inventory = read(
      '{"__proto__": {"hosts": ["__proto__"]}, "_meta": {"hostvars": {"__proto__": {"ansible_user": "u"}}}}',
    );
    expect(inventory).toMatchObject({ groups: new Map([['__proto__', ['__proto__']]]) });
  });

  test.each([
    ['{"a": {"hosts": "x"}}', 'group "a": "hosts" is no list.'],
    ['{"a": 7}', 'group "a": it is neither an object nor a list of hosts.'],
    ['{"a": {"hosts": [7]}}', 'group "a": "hosts" holds something that is no name.'],
    ['{"a": {"hosts": ["b\\u0000"]}}', 'control character'],
    ['{"a": {"hosts": ["b c"]}}', '"b c" is no host name'],
    ['[]', 'no inventory'],
  ])('says by its keys what is malformed: %s', (text, message) => {
    expect(read(text)).toMatchObject([{ file: 'list.json', message: expect.stringContaining(message) }]);
  });

  test('that is no JSON is told by line and column, without what stands there', () => {
    expect(read('{\n  "a": hunter2\n}')).toEqual([
      { file: 'list.json', line: 2, column: 8, message: 'this is no JSON from here on.' },
    ]);
    expect(read('{"a": {')).toEqual([
      { file: 'list.json', line: 1, column: 8, message: 'this is no JSON from here on.' },
    ]);
  });
});

test('JSON is told from what is none as the engine tells it', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '0', '\\', '\n', 'e'))
    .map(([json, at, piece]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + piece + json.slice(cut + 1);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
      expect(jsonErrorOffset(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 500 },
  );
  expect(jsonErrorOffset(`${'['.repeat(1_000_000)}"${'\\n'.repeat(1_000_000)}`)).toBe(3_000_001);
});
