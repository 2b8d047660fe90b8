/** The function `watchdog`, once a minute: what nobody works on any more is begun again, and in the end closed. */
import type { Context } from 'aws-lambda';
import { countedStore } from '../cloud/counted-store.ts';
import { openEdge } from '../cloud/edge.ts';
import { cloudLog } from '../cloud/log.ts';
import { cloudMetrics } from '../cloud/metrics.ts';
import { tellingOf } from '../cloud/telling.ts';
import { warm } from '../cloud/warm.ts';
import type { SweepDeps } from '../sweep/deps.ts';
import { watch } from '../sweep/watchdog.ts';
import { tellSweep } from '../tell/tell-sweep.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const told = readEnvironment(['table', 'planQueueUrl', 'secrets', 'stage']);
  const log = cloudLog();
  const edge = await openEdge({ table: told.table, log, queueUrls: { plan: told.planQueueUrl } });
  const deps: SweepDeps = {
    ...edge,
    store: countedStore(edge.store, cloudMetrics(told.stage)),
    tell: tellSweep(tellingOf(edge, told.secrets)),
  };
  return { log, deps };
});

export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const { log, deps } = await start();
  log.begin(context);
  // For how long what it writes is kept.
  await deps.config();
  await watch(deps);
};
