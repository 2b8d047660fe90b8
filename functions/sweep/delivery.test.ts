/** What a queue does to messages, and what workers do that die. */
import { afterEach, describe, expect, test } from 'vitest';
import { must } from '../../test/store/embedded.ts';
import { endless, type ServiceSite, type ServiceSiteOptions, serviceSite } from '../../test/sweep/service-site.ts';
import type { Store } from '../store/store.ts';
import { deadLetterHandler } from './dead-letter.ts';
import { messageHandler } from './handle-message.ts';
import { planSweep } from './plan.ts';
import { sqsHandler } from './sqs-event.ts';
import { resume, watch } from './watchdog.ts';
import { workShard } from './worker.ts';

let site: ServiceSite;
const open = async (options?: ServiceSiteOptions): Promise<ServiceSite> => {
  site = await serviceSite(options);
  return site;
};
afterEach(() => site.end());

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 1000) throw new Error('it never came to that');
    await wait(10);
  }
}
const rowsOf = async (id: string): Promise<number> => must(await site.deps.store.allRows(id)).rows.length;
const slowly =
  (ms: number): NonNullable<ServiceSiteOptions['answer']> =>
  (_channel, _command, answer) =>
    void setTimeout(answer, ms);
const shardOf = (sweepId: string, attempt = 1) => ({ sweepId, shard: 0, attempt });

describe('a message that is delivered several times', () => {
  test('at the same time: each host is visited once', async () => {
    await open({ hosts: 8, answer: slowly(300) });
    const id = await site.begun();
    await planSweep(site.deps, id);
    const handled = await Promise.all(
      [1, 1, 2].map((attempt) => workShard(site.deps, shardOf(id, attempt), endless())),
    );
    expect(handled).toEqual(['done', 'done', 'done']);
    expect(site.visits().begun).toBe(8);
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 8, notSwept: 0 });
  });

  test('out of order, and long after the end: nothing is done twice', async () => {
    await open();
    const id = await site.begun();
    const handle = messageHandler(site.deps);
    const finish = { kind: 'finish', sweepId: id } as const;
    const shard = { kind: 'shard', sweepId: id, shard: 0 } as const;
    expect(await handle(finish, 1, endless())).toBe('done');
    expect(must(await site.deps.store.sweep(id))?.sweep.status).toBe('queued');
    for (const message of [shard, finish, { kind: 'plan', sweepId: id } as const, shard, finish, finish, shard]) {
      expect(await handle(message, 1, endless())).toBe('done');
    }
    expect(site.visits().begun).toBe(3);
    expect(site.told).toHaveLength(1);
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 3 });
  });
});

describe('two sweeps of one host', () => {
  test('never visit it at the same time', async () => {
    await open({ hosts: 1, answer: slowly(400) });
    site.run();
    const ids = await Promise.all([site.begun(), site.begun(), site.begun()]);
    for (const id of ids) expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 1 });
    expect(site.visits()).toMatchObject({ begun: 3, mostAtATime: 1 });
  });

  test('nor where it has two names', async () => {
    await open({ hosts: 1, answer: slowly(300) });
    const twin = /host-1: (.*)/.exec(site.configText)?.[1];
    site.writeConfig(site.configText.replace('hosts:', `hosts:\n  alias: ${twin}`));
    site.run();
    const [one, both] = await Promise.all([site.begun({ targets: ['host-1'] }), site.begun({ targets: ['@all'] })]);
    await site.ended(one);
    expect((await site.ended(both)).order).toEqual(['alias', 'host-1']);
    expect(site.visits()).toMatchObject({ begun: 3, mostAtATime: 1 });
  });

  test('one that has to wait for too long says which sweep has it', async () => {
    await open({ hosts: 1 });
    const claim: Store['claim'] = (name, holder, untilMs) =>
      name.startsWith('turn#') ? Promise.resolve({ holder: 'OTHER/1' }) : site.deps.store.claim(name, holder, untilMs);
    let ahead = 0;
    const deps = { ...site.deps, store: { ...site.deps.store, claim }, nowMs: () => Date.now() + ahead };
    const id = await site.begun();
    await planSweep(deps, id);
    const working = workShard(deps, shardOf(id), endless());
    await wait(300);
    ahead = 11_000;
    expect(await working).toBe('done');
    const host = must(await site.deps.store.finding(id, 'host-1'));
    expect(host?.failure).toMatchObject({ phase: 'connect', kind: 'being-swept' });
    expect(host?.failure?.message).toContain('OTHER');
    expect(site.visits().begun).toBe(0);
  });
});

describe('a worker that is lost in the middle of a shard', () => {
  test('is followed by one that does the rest only', async () => {
    let isHeld = true;
    let answered = 0;
    await open({
      hosts: 6,
      answer: (_c, _m, answer) => {
        if (isHeld && answered >= 3) return;
        answered += 1;
        answer();
      },
    });
    const id = await site.begun();
    await planSweep(site.deps, id);
    // Its process is gone: nothing that it would write arrives any more, and its turns end by themselves.
    let isDead = false;
    const dead = new Proxy(site.deps.store, {
      get: (store, name) => (isDead ? () => new Promise(() => {}) : Reflect.get(store, name)),
    });
    void workShard({ ...site.deps, store: dead }, shardOf(id), endless());
    await until(async () => site.visits().underWay === 3 && (await rowsOf(id)) === 3);
    isDead = true;
    isHeld = false;
    expect(await workShard(site.deps, shardOf(id, 2), endless())).toBe('done');
    // Three that were stored, three that hung in the dead one's hands, and these again.
    expect(site.visits().begun).toBe(9);
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 6 });
  }, 30_000);

  test('by an exception: the queue delivers it again, and the sweep is whole', async () => {
    let fails = 1;
    await open({
      hosts: 4,
      deps: (deps) => ({
        ...deps,
        store: {
          ...deps.store,
          claim: (name, holder, untilMs) => {
            if (name.startsWith('turn#') && fails-- > 0) throw new Error('a bug');
            return deps.store.claim(name, holder, untilMs);
          },
        },
      }),
    });
    site.run();
    expect((await site.ended(await site.begun())).sweep).toMatchObject({ status: 'complete', swept: 4 });
    expect(site.visits().begun).toBe(4);
  });

  test('with the whole service: the next one resumes', async () => {
    await open({ hosts: 4 });
    const id = await site.begun();
    await planSweep(site.deps, id);
    const lost = site.sent.length;
    await resume(site.deps);
    expect(site.sent.slice(lost)).toEqual([{ kind: 'plan', sweepId: id }]);
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 4 });
    expect(site.visits().begun).toBe(4);
  });
});

describe('a shard whose time is nearly out', () => {
  test('stops beginning hosts, keeps what is there and is delivered again for the rest', async () => {
    await open({ hosts: 6, more: 'forks: 2', answer: slowly(300) });
    const id = await site.begun();
    await planSweep(site.deps, id);
    const stop = new AbortController();
    const working = workShard(site.deps, shardOf(id), { ...endless(), stopBeginning: stop.signal });
    await until(() => site.visits().underWay === 2);
    stop.abort();
    expect(await working).toBe('rest');
    expect(must(await site.deps.store.allRows(id)).rows).toHaveLength(2);
    expect(await workShard(site.deps, shardOf(id, 2), endless())).toBe('done');
    expect(site.visits().begun).toBe(6);
  });

  test('begins no host that might not be done by then', async () => {
    await open();
    const id = await site.begun();
    await planSweep(site.deps, id);
    expect(await workShard(site.deps, shardOf(id), { ...endless(), endsByMs: Date.now() + 5000 })).toBe('again');
    expect(site.visits().begun).toBe(0);
  });

  test('gives up what is under way when it must', async () => {
    await open({ answer: () => {} });
    const id = await site.begun();
    await planSweep(site.deps, id);
    const giveUp = new AbortController();
    const working = workShard(site.deps, shardOf(id), { ...endless(), giveUp: giveUp.signal });
    await until(() => site.visits().underWay === 3);
    giveUp.abort();
    expect(await working).toBe('again');
    expect(must(await site.deps.store.allRows(id)).rows).toEqual([]);
  });
});

describe('a shard that comes at the wrong time', () => {
  test('waits where its configuration cannot be read just now, and no host fails for it', async () => {
    await open();
    const id = await site.begun();
    await planSweep(site.deps, id);
    const config = async () => ({ problem: 'The table is throttled.', isPassing: true }) as const;
    expect(await workShard({ ...site.deps, config }, shardOf(id), endless())).toBe('again');
    expect(must(await site.deps.store.allRows(id)).rows).toEqual([]);
    expect(site.logged.join('\n')).toContain('The table is throttled.');
    expect(await workShard(site.deps, shardOf(id, 2), endless())).toBe('done');
    expect(site.visits().begun).toBe(3);
  });

  test('begins no host that might not be done when its sweep is closed', async () => {
    await open();
    const id = await site.begun();
    await planSweep(site.deps, id);
    const stored = must(await site.deps.store.job(id))?.job as { closesByMs: number };
    const ahead = stored.closesByMs - 4000 - Date.now();
    expect(await workShard({ ...site.deps, nowMs: () => Date.now() + ahead }, shardOf(id), endless())).toBe('again');
    expect(site.visits().begun).toBe(0);
  });

  test('visits nobody once the time of its sweep is over', async () => {
    await open();
    const id = await site.begun();
    await planSweep(site.deps, id);
    const nowMs = () => Date.now() + 3_600_000;
    expect(await workShard({ ...site.deps, nowMs }, shardOf(id), endless())).toBe('done');
    expect(site.visits().begun).toBe(0);
    await watch({ ...site.deps, nowMs });
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'incomplete', notSwept: 3 });
  });
});

describe('poison', () => {
  test('a shard that fails each time is lost, and the sweep closes as incomplete with its hosts by name', async () => {
    await open({
      deps: (deps) => ({
        ...deps,
        store: {
          ...deps.store,
          putHosts: async (id, hosts) =>
            hosts.some(({ host }) => host === 'host-2')
              ? Promise.reject(new Error('a bug that this host shows'))
              : deps.store.putHosts(id, hosts),
        },
      }),
    });
    site.run();
    const id = await site.begun();
    const { sweep, order } = await site.ended(id);
    expect(sweep).toMatchObject({ status: 'incomplete', swept: 2, notSwept: 1, targets: 3 });
    expect(order).toEqual(['host-1', 'host-3', 'host-2']);
    expect(must(await site.deps.store.finding(id, 'host-2'))).toMatchObject({
      status: 'not-swept',
      failure: { kind: 'lost' },
    });
    expect(site.told).toMatchObject([{ status: 'incomplete' }]);
  });

  test('a body that is no message fails, and as a dead letter it is dropped', async () => {
    await open();
    const onEvent = sqsHandler(messageHandler(site.deps), site.deps.log);
    const record = (body: string) => ({ messageId: body, body, attributes: { ApproximateReceiveCount: '1' } });
    const bodies = ['', '{', 'null', '{"kind":"shard"}', '{"kind":"finish","sweepId":"NONE"}'];
    const { batchItemFailures } = await onEvent({ Records: bodies.map(record) }, endless());
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(bodies.slice(0, 4));
    const bury = deadLetterHandler(site.deps);
    for (const body of [...bodies, '{"kind":"plan","sweepId":"NONE"}']) await bury(body);
  });

  test('a plan that fails each time closes its sweep at once', async () => {
    await open();
    const id = await site.begun();
    await deadLetterHandler(site.deps)(JSON.stringify({ kind: 'plan', sweepId: id }));
    // The plan itself is still in the queue: it finds nothing to do.
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'incomplete', notSwept: 3 });
    expect(site.visits().begun).toBe(0);
  });
});

describe('a sweep that is cancelled', () => {
  const by = { kind: 'api', token: 'admin', id: 'T2' } as const;

  test('gives up what is under way, keeps what is known, and says who did it', async () => {
    await open({ hosts: 4, answer: (_c, _m, answer) => site.visits().begun <= 2 && answer() });
    site.run();
    const id = await site.begun();
    await until(async () => site.visits().begun === 4 && (await rowsOf(id)) === 2);
    expect(await site.service.cancel(id, by)).toBe('cancelled');
    const { sweep } = await site.ended(id);
    expect(sweep).toMatchObject({ status: 'cancelled', swept: 2, notSwept: 2 });
    expect(must(await site.deps.store.audit({ limit: 1 })).records).toMatchObject([
      { event: 'ended', status: 'cancelled', cancelledBy: { token: 'admin' } },
    ]);
    expect(await site.service.cancel(id, by)).toBe('ended');
    await until(() => site.visits().underWay === 0);
  });

  test('ends also where nothing was begun', async () => {
    await open();
    const id = await site.begun();
    await site.service.cancel(id, by);
    expect(await site.service.cancel(id, by)).toBe('cancelled');
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'cancelled', swept: 0, notSwept: 3 });
    expect(site.visits().begun).toBe(0);
  });

  test('is not found where there is none', async () => {
    await open();
    expect(await site.service.cancel('01JDF3W5Q00000000000000000', by)).toBe('not-found');
  });
});

describe('the watchdog', () => {
  test('closes what nobody works on any more, with the lost hosts by name', async () => {
    await open();
    const id = await site.begun();
    await planSweep(site.deps, id);
    await watch(site.deps);
    expect(must(await site.deps.store.sweep(id))?.sweep.status).toBe('running');
    await watch({ ...site.deps, nowMs: () => Date.now() + 3_600_000 });
    const { sweep, order } = await site.ended(id);
    expect(sweep).toMatchObject({ status: 'incomplete', swept: 0, notSwept: 3, counts: { 'not-swept': 3 } });
    expect(order).toEqual(['host-1', 'host-2', 'host-3']);
    expect(site.told).toHaveLength(1);
  });

  test('ends a sweep whose hosts are all done, though nobody was told so', async () => {
    await open();
    const id = await site.begun();
    await workShard({ ...site.deps, queue: { send: async () => {} } }, shardOf(id), endless());
    await watch(site.deps);
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 3 });
  });

  test('ends one although the results of the one before it go to somebody who does not answer', async () => {
    await open();
    const slow = await site.begun({ targets: ['host-1'] });
    const next = await site.begun({ targets: ['host-2'] });
    const deps = { ...site.deps, queue: { send: async () => {} } };
    for (const id of [slow, next]) await workShard(deps, shardOf(id), endless());
    let answer = (_isTold: boolean): void => {};
    const tell: typeof deps.tell = async (_job, { id }) =>
      id === next || (await new Promise<boolean>((resolve) => (answer = resolve)));
    const watching = watch({ ...deps, tell });
    expect((await site.ended(next)).sweep.status).toBe('complete');
    await until(async () => must(await deps.store.openJobs()).length === 1);
    answer(true);
    await watching;
    expect(must(await deps.store.openJobs())).toEqual([]);
  });

  test('tells what could not be told, and after an hour gives that up', async () => {
    let answers = [false, true];
    let ahead = 0;
    await open({
      nowMs: () => Date.now() + ahead,
      deps: (deps) => ({ ...deps, tell: async () => answers.shift() ?? false }),
    });
    site.run();
    const id = await site.begun();
    await until(() => answers.length === 1);
    ahead += 60_000;
    await watch(site.deps);
    expect((await site.ended(id)).sweep.status).toBe('complete');
    expect(answers).toEqual([]);

    answers = [false];
    const second = await site.begun();
    await until(() => answers.length === 0);
    ahead += 60_000;
    await watch(site.deps);
    expect(must(await site.deps.store.openJobs())).toEqual([second]);
    ahead += 3_600_000;
    await watch(site.deps);
    expect(must(await site.deps.store.openJobs())).toEqual([]);
    expect(site.logged.join('\n')).toContain('could not be told within an hour');
  });

  test('sends again what was never in the queue', async () => {
    await open();
    const id = await site.begun();
    await watch({ ...site.deps, nowMs: () => Date.now() + 30_000 });
    expect(site.sent).toHaveLength(1);
    await watch({ ...site.deps, nowMs: () => Date.now() + 90_000 });
    expect(site.sent).toEqual(Array(2).fill({ kind: 'plan', sweepId: id }));
  });
});

describe('ends that meet', () => {
  test('whoever is killed between the end and its record is followed by one that writes it', async () => {
    await open();
    const id = await site.begun();
    await workShard({ ...site.deps, queue: { send: async () => {} } }, shardOf(id), endless());
    let isDead = false;
    const dead = new Proxy(site.deps.store, {
      get: (store, name) => {
        if (name === 'addAudit') isDead = true;
        return isDead ? () => new Promise(() => {}) : Reflect.get(store, name);
      },
    });
    void messageHandler({ ...site.deps, store: dead })({ kind: 'finish', sweepId: id }, 1, endless());
    await until(() => isDead);
    expect(must(await site.deps.store.sweep(id))?.sweep.status).toBe('complete');
    expect(must(await site.deps.store.openJobs())).toEqual([id]);
    site.run();
    await resume(site.deps);
    await site.ended(id);
    expect(must(await site.deps.store.audit({ limit: 1 })).records).toMatchObject([{ event: 'ended', swept: 3 }]);
    expect(site.told).toHaveLength(1);
  }, 15_000);

  test('ten at the same time end the sweep once and tell it once', async () => {
    await open();
    const id = await site.begun();
    await workShard({ ...site.deps, queue: { send: async () => {} } }, shardOf(id), endless());
    const handle = messageHandler(site.deps);
    await Promise.all(Array.from({ length: 10 }, () => handle({ kind: 'finish', sweepId: id }, 1, endless())));
    await site.ended(id);
    expect(site.told).toHaveLength(1);
  });
});
