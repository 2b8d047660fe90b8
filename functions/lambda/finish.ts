/** The function `finish`: ranks and closes a sweep, and tells of it. It is outside of the VPC, for it speaks with Slack. */
import { countedStore } from '../cloud/counted-store.ts';
import { openEdge } from '../cloud/edge.ts';
import { cloudLog } from '../cloud/log.ts';
import { cloudMetrics } from '../cloud/metrics.ts';
import { type SqsFunction, sqsFunction } from '../cloud/sqs-function.ts';
import { tellingOf } from '../cloud/telling.ts';
import { warm } from '../cloud/warm.ts';
import { ofKind } from '../sweep/carried-out.ts';
import type { SweepDeps } from '../sweep/deps.ts';
import { finishSweep } from '../sweep/finish.ts';
import { tellSweep } from '../tell/tell-sweep.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const { table, secrets, stage } = readEnvironment(['table', 'secrets', 'stage']);
  const log = cloudLog();
  const edge = await openEdge({ table, log });
  const deps: SweepDeps = {
    ...edge,
    store: countedStore(edge.store, cloudMetrics(stage)),
    tell: tellSweep(tellingOf(edge, secrets)),
  };
  const finish = ofKind(deps, 'finish', async ({ sweepId }) => {
    // For how long what it writes is kept.
    await edge.config();
    return await finishSweep(deps, sweepId);
  });
  return sqsFunction({ ...edge, handle: finish });
});

export const handler: SqsFunction = async (event, context) => (await start())(event, context);
