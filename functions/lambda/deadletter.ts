/** The function `deadletter`: gives up what failed three times, so that its sweep can end without it. */
import type { Context, SQSEvent } from 'aws-lambda';
import { openEdge } from '../cloud/edge.ts';
import { cloudLog } from '../cloud/log.ts';
import { cloudMetrics } from '../cloud/metrics.ts';
import { TELLS_NOTHING } from '../cloud/tells-nothing.ts';
import { warm } from '../cloud/warm.ts';
import { deadLetterHandler } from '../sweep/dead-letter.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const { table, finishQueueUrl, stage } = readEnvironment(['table', 'finishQueueUrl', 'stage']);
  const log = cloudLog();
  const edge = await openEdge({ table, log, queueUrls: { finish: finishQueueUrl } });
  return { log, count: cloudMetrics(stage), bury: deadLetterHandler({ ...edge, ...TELLS_NOTHING }) };
});

export const handler = async ({ Records }: SQSEvent, context: Context): Promise<void> => {
  const { log, count, bury } = await start();
  log.begin(context);
  count('DeadLetter', Records.length);
  for (const { body } of Records) await bury(body);
};
