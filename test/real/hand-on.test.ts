/** A shard that takes longer than a function may: the worker as it is deployed stops in time, and the rest is gone on with. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newToken } from '../../functions/auth/token.ts';
import { type Cloud, startCloud } from '../cloud/cloud-site.ts';
import { type MadePackage, makePackage } from '../cloud/make-package.ts';
import { type ScaleFleet, startScaleFleet } from '../cloud/scale-fleet.ts';
import { endedSweep, publishFleet, startedSweep } from '../cloud/scale-sweep.ts';
import { needs } from '../needs.ts';

const need = needs('linux', 'unzip');
const HOSTS = 60;

describe.skipIf(need.skip)('a shard of which only a part can be done in the time of one invocation', () => {
  let packaged: MadePackage;
  let fleet: ScaleFleet;
  let cloud: Cloud;

  beforeAll(async () => {
    packaged = await makePackage();
    fleet = await startScaleFleet(HOSTS, ['windowSeconds: 1', 'deadlineSeconds: 4', 'forks: 5']);
    // Hosts of a second each, five at a time, are twelve seconds at the least.
    cloud = await startCloud({ package: packaged, visibilitySeconds: 90, workerTimeoutMs: 15_000 });
  });

  afterAll(async () => {
    await cloud?.end();
    await fleet?.stop();
    packaged?.remove();
  });

  test('has each of its hosts visited once, by several workers none of which is cut off', async () => {
    const token = newToken();
    await publishFleet(cloud, fleet, token);
    const id = await startedSweep(cloud, token);
    const ended = await endedSweep(cloud, token, id, 80_000);
    expect(ended).toMatchObject({ status: 'complete', swept: HOSTS, notSwept: 0 });
    expect(await fleet.visits()).toBe(HOSTS);
    const { answered, ...cutOff } = cloud.sources.get('worker')?.ended ?? {};
    expect(answered).toBeGreaterThan(1);
    expect(cutOff).toEqual({ failed: 0, crashed: 0, 'timed-out': 0 });
    expect(cloud.lambda('deadletter').used().invocations).toBe(0);
  });
});
