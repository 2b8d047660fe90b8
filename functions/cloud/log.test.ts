import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { linesOf } from '../../test/cloud/lines-of.ts';
import { cloudLog } from './log.ts';

test('a line is JSON, with the request that it belongs to and the fields beside the message', () => {
  const [line] = linesOf(() => {
    const log = cloudLog();
    log.begin({ awsRequestId: 'R-1', functionName: 'whodisk-prod-worker' } as Context);
    log.warn('a host could not be stored', { sweepId: 'S', hosts: 3, gone: undefined });
  });
  expect(line).toMatchObject({
    level: 'WARN',
    message: 'a host could not be stored',
    sweepId: 'S',
    hosts: 3,
    function_request_id: 'R-1',
  });
});

test('what others wrote moves nobody’s cursor', () => {
  const [line] = linesOf(() => cloudLog().error('a message', { host: 'db\u001b[2J\u202e', detail: 'a\nb' }));
  expect(line).toMatchObject({ host: 'db\\x1b[2J\\u202e', detail: 'a\\nb' });
});
