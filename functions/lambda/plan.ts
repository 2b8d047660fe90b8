/** The function `plan`: cuts a sweep into shards, a message each. */
import { openEdge } from '../cloud/edge.ts';
import { cloudLog } from '../cloud/log.ts';
import { type SqsFunction, sqsFunction } from '../cloud/sqs-function.ts';
import { TELLS_NOTHING } from '../cloud/tells-nothing.ts';
import { warm } from '../cloud/warm.ts';
import { ofKind } from '../sweep/carried-out.ts';
import { planSweep } from '../sweep/plan.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const told = readEnvironment(['table', 'shardQueueUrl', 'finishQueueUrl']);
  const log = cloudLog();
  const queueUrls = { shard: told.shardQueueUrl, finish: told.finishQueueUrl };
  const edge = await openEdge({ table: told.table, log, queueUrls });
  const deps = { ...edge, ...TELLS_NOTHING };
  return sqsFunction({ handle: ofKind(deps, 'plan', ({ sweepId }) => planSweep(deps, sweepId)), ...edge });
});

export const handler: SqsFunction = async (event, context) => (await start())(event, context);
