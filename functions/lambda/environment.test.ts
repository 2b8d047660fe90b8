import { expect, test } from 'vitest';
import { s3PlaceOf } from '../cloud/s3-objects.ts';
import { readEnvironment } from './environment.ts';

const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/whodisk-plan';

test('a function is told what it asks for, and nothing else', () => {
  const env = {
    WHODISK_TABLE: 'whodisk',
    WHODISK_REDELIVERY_SECONDS: '540',
    WHODISK_PLAN_QUEUE_URL: QUEUE,
    OTHER: 'x',
  };
  expect(readEnvironment(['table', 'redeliverySeconds'], env)).toEqual({ table: 'whodisk', redeliverySeconds: 540 });
});

test('every variable that is missing or of no use is named, and nothing of what is in it', () => {
  const env = { WHODISK_PLAN_QUEUE_URL: 'no-url-but-a-secret', WHODISK_REDELIVERY_SECONDS: 'soon' };
  const read = () => readEnvironment(['table', 'planQueueUrl', 'redeliverySeconds'], env);
  expect(read).toThrow('WHODISK_TABLE, WHODISK_PLAN_QUEUE_URL, WHODISK_REDELIVERY_SECONDS');
  expect(read).not.toThrow('secret');
});

test.each(['package', 's3://bucket', 's3://bucket/', 's3://my.bucket-1/whodisk/prod/'])(
  'a configuration may be in %s',
  (config) => {
    expect(readEnvironment(['config'], { WHODISK_CONFIG: config })).toEqual({ config });
    expect(s3PlaceOf(config) === undefined, 'what is none is in the package').toBe(config === 'package');
  },
);

test.each([
  '',
  'bucket/prefix',
  'https://bucket/',
  's3://',
  's3://Bucket/',
  's3://ab/',
  's3://-bucket/',
  's3://bucket-/',
])('a configuration is not in %j', (config) => {
  expect(() => readEnvironment(['config'], { WHODISK_CONFIG: config })).toThrow('WHODISK_CONFIG');
  expect(s3PlaceOf(config)).toBeUndefined();
});
