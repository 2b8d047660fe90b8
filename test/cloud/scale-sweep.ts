/** A sweep of light hosts, asked for and looked at through the API. */
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeyPair } from '../faults/key-pair.ts';
import type { Cloud } from './cloud-site.ts';
import type { ScaleFleet } from './scale-fleet.ts';

/** @param token of the API's admin */
export async function publishFleet(cloud: Cloud, fleet: ScaleFleet, token: string): Promise<void> {
  cloud.secrets.put('ApiTokenSecret', token);
  cloud.secrets.put('SshKeySecret', makeKeyPair().private);
  cloud.secrets.put('Secrets', '{}');
  await cloud.bucket.put('whodisk.yml', fleet.configText);
  await cloud.bucket.put('known_hosts', fleet.knownHosts);
  await cloud.invoke('config');
}

/** Of @fleet. @returns its id. @throws Error with the answer where it does not begin */
export async function startedSweep(cloud: Cloud, token: string): Promise<string> {
  const answer = await cloud.request('/v1/sweeps', {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ targets: ['@fleet'] }),
  });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${answer.status}: ${text}\n${cloud.lambda('config').output()}`);
  return String(answer.headers.get('location')).split('/').at(-1) ?? '';
}

export interface Ended {
  readonly status: string;
  readonly swept: number;
  readonly notSwept: number;
}

const OPEN = ['queued', 'running', 'ranking'];

/** @throws Error with what is known of it where it does not end */
export async function endedSweep(cloud: Cloud, token: string, id: string, limitMs: number): Promise<Ended> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const answer = await cloud.request(`/v1/sweeps/${id}`, { headers: { authorization: `Bearer ${token}` } });
    const sweep = (await answer.json()) as Ended;
    if (!OPEN.includes(sweep.status)) return sweep;
    if (performance.now() > endsAt) {
      throw new Error(`it does not end: ${JSON.stringify(sweep)}\n${cloud.lambda('worker').output().slice(-4000)}`);
    }
    await sleep(1000);
  }
}
