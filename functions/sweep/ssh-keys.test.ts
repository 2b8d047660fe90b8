/** Keys that are not on this machine. */
import { afterEach, expect, test } from 'vitest';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import { must } from '../../test/store/embedded.ts';
import { endless, type ServiceSite, serviceSite } from '../../test/sweep/service-site.ts';
import type { SweepDeps } from './deps.ts';
import { planSweep } from './plan.ts';
import { workShard } from './worker.ts';

let site: ServiceSite;
afterEach(() => site.end());

async function worked(sshKeys: NonNullable<SweepDeps['sshKeys']>): Promise<string> {
  site = await serviceSite({ deps: (deps) => ({ ...deps, sshKeys }) });
  // What whodisk.yml says of files is for machines that have them.
  site.writeConfig(site.configText.replace('identityFiles: [id]', 'identityFiles: [missing]'));
  const id = await site.begun();
  await planSweep(site.deps, id);
  expect(await workShard(site.deps, { sweepId: id, shard: 0, attempt: 1 }, endless())).toBe('done');
  return id;
}

const failuresOf = async (id: string) =>
  await Promise.all(
    ['host-1', 'host-2', 'host-3'].map(async (host) => must(await site.deps.store.finding(id, host))?.failure),
  );

test('log in everywhere, whatever files an inventory names', async () => {
  const id = await worked(async () => ({ keys: [{ name: 'the secret', text: makeKeyPair().private }] }));
  expect(must(await site.deps.store.allRows(id)).rows.map(({ status }) => status)).toEqual(['swept', 'swept', 'swept']);
});

test('that cannot be had are asked for once, and every host says why, without a log-in', async () => {
  let asked = 0;
  const id = await worked(async () => {
    asked += 1;
    return { problem: 'The secret whodisk/ssh is refused.' };
  });
  const failure = { phase: 'auth', kind: 'no-identity', message: 'The secret whodisk/ssh is refused.' };
  expect(await failuresOf(id)).toEqual([failure, failure, failure]);
  expect([asked, site.visits().begun]).toEqual([1, 0]);
});

test('of which none is of use are the reason of every host, without a log-in', async () => {
  const id = await worked(async () => ({ keys: [{ name: 'the secret', text: 'hunter2' }] }));
  const [failure] = await failuresOf(id);
  expect(failure).toMatchObject({ phase: 'auth', kind: 'no-identity' });
  expect(failure?.message).toContain('the secret is no private key');
  expect(JSON.stringify(failure)).not.toMatch(/hunter2|--identity/u);
  expect(site.visits().begun).toBe(0);
});
