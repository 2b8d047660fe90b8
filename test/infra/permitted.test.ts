import { expect, test } from 'vitest';
import { configBodyKey, partKey } from '../../functions/store/keys.ts';
import { refusedBy } from './permitted.ts';
import { TEMPLATE } from './recorded-template.ts';

const PART_OF_CONFIG = partKey(configBodyKey('01A'), 0).pk;

test.each([
  ['worker', 'BatchWriteItem', undefined, ['host#db-1', 'sweep#01A']],
  ['worker', 'DeleteItem', undefined, ['claims#4']],
  ['api', 'Query', 'ranking', ['sweep#01A']],
  ['api', 'GetItem', undefined, ['tokens']],
  // Sessions of the page.
  ['api', 'PutItem', undefined, ['claims#4']],
  ['api', 'DeleteItem', undefined, ['claims#4']],
  ['config', 'BatchWriteItem', undefined, ['config', PART_OF_CONFIG]],
  ['finish', 'Query', undefined, ['sweep#01A']],
])('%s may %s', (by, operation, index, keys) => {
  expect(refusedBy(TEMPLATE, [{ by, operation, keys, ...(index !== undefined && { index }) }])).toEqual([]);
});

test.each([
  ['worker', 'Query', undefined, ['host#db-1']],
  ['worker', 'BatchWriteItem', undefined, ['host#db-1', 'tokens']],
  ['api', 'PutItem', undefined, ['tokens']],
  ['api', 'PutItem', undefined, ['config']],
  ['finish', 'PutItem', undefined, [PART_OF_CONFIG]],
  ['config', 'GetItem', undefined, ['tokens']],
  ['config', 'BatchWriteItem', undefined, ['config', 'host#db-1']],
  ['plan', 'PutItem', undefined, ['jobs']],
  ['worker', 'Query', 'ranking', ['sweep#01A']],
  ['api', 'Scan', undefined, []],
])('%s may not %s', (by, operation, index, keys) => {
  const request = { by, operation, keys, ...(index !== undefined && { index }) };
  expect(refusedBy(TEMPLATE, [request])).toEqual([request]);
});
