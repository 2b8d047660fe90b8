/** The function `config`: reads whodisk.yml every minute, and leaves it in the table for all the others. It alone knows S3 and EC2. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from 'aws-lambda';
import { packagedFiles } from '../cloud/config-files.ts';
import { createReadEc2 } from '../cloud/ec2-instances.ts';
import { cloudLog } from '../cloud/log.ts';
import { cloudMetrics } from '../cloud/metrics.ts';
import { publishConfig } from '../cloud/publish-config.ts';
import { s3ConfigFiles } from '../cloud/s3-config-files.ts';
import { s3PlaceOf } from '../cloud/s3-objects.ts';
import { warm } from '../cloud/warm.ts';
import { openCloudStore } from '../store/open-cloud.ts';
import { readEnvironment } from './environment.ts';

const start = warm(async () => {
  const { table, config, stage } = readEnvironment(['table', 'config', 'stage']);
  const log = cloudLog();
  const { store } = await openCloudStore({ kind: 'dynamodb', table }, { retentionDays: 1, nowMs: Date.now });
  const place = s3PlaceOf(config);
  const deps = {
    files:
      place === undefined
        ? packagedFiles(path.join(import.meta.dirname, 'config'))
        : s3ConfigFiles(place, { parent: tmpdir() }),
    readEc2: createReadEc2({ clockMs: Date.now }),
    store,
    log,
  };
  return { deps, log, count: cloudMetrics(stage) };
});

/** @returns what came of it, for whoever invokes it by hand */
export const handler = async (_event: unknown, context: Context): Promise<{ readonly outcome: string }> => {
  const { deps, log, count } = await start();
  log.begin(context);
  const outcome = await publishConfig(deps);
  if (outcome === 'stale' || outcome === 'unusable') count('ConfigStale');
  return { outcome };
};
