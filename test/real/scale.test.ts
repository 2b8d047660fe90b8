/** A sweep of 500 hosts through the functions as they are deployed, with all that goes wrong in the large benchmark (test/bench/scale.ts). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadePackage, makePackage } from '../cloud/make-package.ts';
import { scaleRound } from '../cloud/scale-round.ts';
import { needs } from '../needs.ts';

const need = needs('linux', 'unzip');

describe.skipIf(need.skip)('a large sweep in the cloud', () => {
  let packaged: MadePackage;

  beforeAll(async () => {
    packaged = await makePackage();
  });

  afterAll(() => packaged?.remove());

  test('has each host once although workers are killed, messages come twice and one shard is poisoned', async () => {
    const { wrong, faults, used } = await scaleRound({
      package: packaged,
      hosts: 500,
      workersAtATime: 3,
      visibilitySeconds: 12,
      limitMs: 90_000,
    });
    expect(wrong).toEqual([]);
    expect(faults.poisonings).toBe(3);
    expect(faults.crashes).toBeGreaterThan(0);
    expect(faults.twice).toBeGreaterThan(0);
    // On a slow machine a shard that is done may end there too: it came back while it was still worked on.
    expect(used.get('deadletter')?.invocations).toBeGreaterThan(0);
  });
});
