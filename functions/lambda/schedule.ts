/** The function `schedule`: the time of an entry of `schedules` in whodisk.yml has come. */
import type { Context } from 'aws-lambda';
import { openEdge } from '../cloud/edge.ts';
import { cloudLog } from '../cloud/log.ts';
import { readScheduleEvent } from '../cloud/schedule-event.ts';
import { tellingOf } from '../cloud/telling.ts';
import { TELLS_NOTHING } from '../cloud/tells-nothing.ts';
import { warm } from '../cloud/warm.ts';
import type { ScheduleDeps } from '../schedule/deps.ts';
import { runSchedule } from '../schedule/run-schedule.ts';
import { createSweepService } from '../sweep/create-service.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const told = readEnvironment(['table', 'planQueueUrl', 'secrets', 'redeliverySeconds']);
  const log = cloudLog();
  const edge = await openEdge({ ...told, log, queueUrls: { plan: told.planQueueUrl } });
  const service = createSweepService({ ...edge, ...TELLS_NOTHING });
  const deps: ScheduleDeps = {
    ...tellingOf(edge, told.secrets),
    service,
    lastConfig: edge.lastConfig,
    said: new Set(),
  };
  return { log, deps };
});

export const handler = async (event: unknown, context: Context): Promise<void> => {
  const { log, deps } = await start();
  log.begin(context);
  const { name, atMs } = readScheduleEvent(event);
  const run = await runSchedule(deps, name, atMs);
  // Then Lambda calls again after a minute, and after two more (AWS Lambda Developer Guide, "Asynchronous invocation").
  if (run.kind === 'refused' && run.isPassing === true) throw new Error(run.message);
};
