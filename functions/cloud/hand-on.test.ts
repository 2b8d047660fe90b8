import { expect, test } from 'vitest';
import { logTo } from '../../test/log-to.ts';
import { endless, serviceSite } from '../../test/sweep/service-site.ts';
import { type Handled, ofKind } from '../sweep/carried-out.ts';
import type { Message } from '../sweep/messages.ts';
import { planSweep } from '../sweep/plan.ts';
import { workShard } from '../sweep/worker.ts';
import { handingOn } from './hand-on.ts';

const SHARD: Message = { kind: 'shard', sweepId: 'S', shard: 3 };

async function handled(as: Handled, send: (messages: readonly Message[]) => Promise<void>): Promise<Handled> {
  const handle = handingOn(async () => as, { queue: { send }, log: logTo([]) });
  return await handle(SHARD, 1, endless());
}

test('what is left of a shard is a message of its own, which has not failed yet', async () => {
  const sent: Message[] = [];
  expect(await handled('rest', async (messages) => void sent.push(...messages))).toBe('done');
  expect(sent).toEqual([SHARD]);
});

test('a shard that did not come further counts as failed', async () => {
  expect(await handled('again', () => Promise.reject(new Error('sent')))).toBe('again');
  expect(await handled('done', () => Promise.reject(new Error('sent')))).toBe('done');
});

test('where the queue takes no message it is handed back', async () => {
  expect(await handled('rest', () => Promise.reject(new Error('no')))).toBe('again');
});

test('a shard that takes more invocations than a message may fail comes to its end, each host visited once', async () => {
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;
  const site = await serviceSite({
    hosts: 8,
    more: 'forks: 2',
    nowMs,
    // So long that an invocation has no time for more than the hosts that it began with.
    answer: (_channel, _command, answer) => {
      aheadMs += 25_000;
      answer();
    },
  });
  try {
    const id = await site.begun();
    await planSweep(site.deps, id);
    const work = ofKind(site.deps, 'shard', (shard, attempt, limits) =>
      workShard(site.deps, { ...shard, attempt }, limits),
    );
    const handle = handingOn(work, site.deps);
    let invocations = 0;
    for (let sent = 0; sent < site.sent.length; sent++) {
      const message = site.sent[sent];
      if (message?.kind !== 'shard') continue;
      invocations += 1;
      expect(await handle(message, 1, { ...endless(), endsByMs: nowMs() + 30_000 })).toBe('done');
    }
    expect(invocations).toBeGreaterThan(3);
    expect(site.visits().begun).toBe(8);
    expect(site.sent.at(-1)).toEqual({ kind: 'finish', sweepId: id });
  } finally {
    await site.end();
  }
}, 30_000);
