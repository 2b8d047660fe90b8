import { expect, test } from 'vitest';
import { parseStoreOption } from './where.ts';

test('a store is none, a folder or a DynamoDB table', () => {
  expect(parseStoreOption('none')).toEqual({ kind: 'none' });
  expect(parseStoreOption('/var/lib/whodisk')).toEqual({ kind: 'embedded', path: '/var/lib/whodisk' });
  expect(parseStoreOption('./a:b')).toEqual({ kind: 'embedded', path: './a:b' });
  expect(parseStoreOption('dynamodb:who_disk.eu-1')).toEqual({ kind: 'dynamodb', table: 'who_disk.eu-1' });
});

test.each([
  '',
  'dynamodb',
  'dynamodb:',
  'dynamodb:ab',
  'dynamodb:a b c',
  'dynamo:table',
  's3://bucket',
  'None',
  'a\0b',
])('%j is refused with a sentence that says what would be right', (text) => {
  expect(parseStoreOption(text)).toEqual({ error: expect.stringMatching(/\w{4}/) });
});
