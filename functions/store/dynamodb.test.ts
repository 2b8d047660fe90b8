import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { healthyHost, reportOf, saturatedHost } from '../../test/findings.ts';
import { type DynamoDbEndpoint, startDynamoDb } from '../../test/store/dynamodb-endpoint.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import { createTable } from './create-table.ts';
import { openStore, type StoreOptions } from './open.ts';
import type { Store } from './store.ts';

// The SDK pauses between its attempts.
vi.setConfig({ testTimeout: 30_000 });

const TABLE = 'fleet';
let dynamodb: DynamoDbEndpoint;
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  dynamodb = await startDynamoDb();
});
afterEach(async () => {
  await dynamodb.stop();
  vi.unstubAllEnvs();
});

const where = () => ({ kind: 'dynamodb' as const, table: TABLE, endpoint: dynamodb.url });
const open = (options: Partial<StoreOptions> = {}) =>
  openStore(where(), { retentionDays: 30, nowMs: Date.now, ...options });

async function openNew(options: Partial<StoreOptions> = {}): Promise<Store> {
  must(await createTable(where()));
  return must(await open(options));
}

const report = () =>
  reportOf([...Array.from({ length: 60 }, (_, i) => saturatedHost(`db-${i}`)), healthyHost('web-1')], {
    id: nextSweepId(),
  });

async function expectStored(store: Store, { sweep, hosts }: ReturnType<typeof report>): Promise<void> {
  const rows = hosts.map(rankingRowOf);
  expect(must(await store.allRows(sweep.id))).toEqual({ rows, unreadable: [] });
  expect(must(await store.ranking(sweep.id, { limit: 100 })).rows).toEqual(rows);
  expect(must(await store.sweeps({ limit: 9 })).sweeps).toEqual([sweep]);
  expect(must(await store.findings('db-7', { limit: 9 })).findings).toHaveLength(1);
}

describe('a sweep in DynamoDB', () => {
  it('is stored and found like an embedded one', async () => {
    const store = await openNew();
    const wanted = report();
    must(await store.beginSweep({ ...wanted.sweep, status: 'running' }, Date.now() + 60_000));
    must(await store.finishSweep(wanted));
    await expectStored(store, wanted);
    await store.close();
  });

  it.each([
    ['is throttled', (nth: number) => (nth <= 2 ? { refuse: 'ProvisionedThroughputExceededException' } : undefined)],
    ['loses its answers', (nth: number) => (nth % 2 === 1 ? ('lose-answer' as const) : undefined)],
    ['takes half of what it is given', (nth: number) => (nth <= 4 ? ('half' as const) : undefined)],
  ])('is stored once and whole where the table %s', async (_what, fault) => {
    const store = await openNew();
    const wanted = report();
    dynamodb.fault = (operation, nth) => {
      if (operation === 'BatchWriteItem') return fault(nth);
      return operation === 'PutItem' && nth === 1 && fault(1) !== 'half' ? fault(1) : undefined;
    };
    must(await store.finishSweep(wanted));
    await expectStored(store, wanted);
    await store.close();
  });

  it('that the table never answers for is a problem within its deadline, and no finished sweep', async () => {
    const store = await openNew({ deadlineMs: 400 });
    dynamodb.fault = (operation) => (operation === 'BatchWriteItem' ? 'silence' : undefined);
    const began = performance.now();
    expect(await store.finishSweep(report())).toMatchObject({ kind: 'deadline' });
    expect(performance.now() - began).toBeLessThan(3000);
    expect(must(await store.sweeps({ limit: 9 })).sweeps).toEqual([]);
    await store.close();
  });

  it('that is throttled for ever is a problem too', async () => {
    const store = await openNew({ deadlineMs: 600 });
    dynamodb.fault = (operation) => (operation === 'BatchWriteItem' ? { refuse: 'ThrottlingException' } : undefined);
    expect(await store.putHosts(nextSweepId(), [saturatedHost('db-1')])).toMatchObject({
      kind: expect.stringMatching('busy|deadline'),
    });
    await store.close();
  });
});

describe('the life of a sweep in DynamoDB', () => {
  const at = '2025-11-28T15:00:00.000Z';

  it.each([
    ['answers', () => undefined],
    ['loses every other answer', (nth: number) => (nth % 2 === 1 ? ('lose-answer' as const) : undefined)],
    ['is throttled', (nth: number) => (nth % 3 === 1 ? { refuse: 'ThrottlingException' } : undefined)],
  ])('takes each turn once where the table %s', async (_what, fault) => {
    const store = await openNew();
    const { sweep, patterns, hosts } = report();
    const rest = { patterns, order: hosts.map(({ host }) => host), hosts: [] };
    const soon = Date.now() + 60_000;
    must(await store.putHosts(sweep.id, hosts));
    dynamodb.fault = (operation, nth) =>
      ['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation) ? fault(nth) : undefined;

    must(await store.openJob(sweep.id, { names: ['db-1'] }));
    must(await store.beginSweep({ ...sweep, status: 'queued' }, soon));
    expect(await store.moveSweep(sweep.id, ['queued'], 'running')).toBe(true);
    expect(await store.moveSweep(sweep.id, ['queued'], 'running')).toBe(false);
    expect(must(await store.claim('turn#db-1', 'me', soon))).toEqual({ holder: 'me' });
    expect(must(await store.claim('turn#db-1', 'other', soon))).toEqual({ holder: 'me' });
    must(await store.release('turn#db-1', 'me'));
    expect(must(await store.claim('turn#db-1', 'other', soon))).toEqual({ holder: 'other' });
    must(await store.shardProgress(sweep.id, 0, { done: 1, notSwept: 0 }));
    expect([await store.shardDone(sweep.id, 0), await store.shardDone(sweep.id, 0)]).toEqual([1, 1]);
    expect(await store.cancelJob(sweep.id)).toBe(true);
    expect(must(await store.job(sweep.id))).toEqual({
      id: sweep.id,
      job: { names: ['db-1'] },
      doneShards: new Set([0]),
      progress: new Map([[0, { done: 1, notSwept: 0 }]]),
      isCancelled: true,
    });
    expect(await store.closeSweep(sweep, rest)).toBe(true);
    expect(await store.closeSweep(sweep, rest)).toBe(false);
    must(await store.addAudit({ event: 'ended', at, sweepId: sweep.id, status: 'complete', swept: 61, notSwept: 0 }));
    expect(must(await store.audit({ limit: 9 })).records).toHaveLength(1);
    must(await store.addToken({ id: sweep.id, name: 'ci', scope: 'read', hash: 'ab', createdAt: at }));
    expect([await store.revokeToken('ab', at), await store.revokeToken('ab', at)]).toEqual([true, false]);
    must(await store.closeJob(sweep.id));
    expect(must(await store.openJobs())).toEqual([]);
    await expectStored(store, { sweep, hosts, patterns, schemaVersion: 1 });
    await store.close();
  });

  it('gives a claim to one of many who ask over connections of their own', async () => {
    const stores = [await openNew(), must(await open()), must(await open())];
    const soon = Date.now() + 60_000;
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => stores[i % 3]?.claim('finish', `${i}`, soon)),
    );
    const holders = answers.map((answer) => (answer ? must(answer).holder : ''));
    expect(new Set(holders).size).toBe(1);
    expect(holders.filter((holder, i) => holder === `${i}`)).toHaveLength(1);
    for (const store of stores) await store.close();
  });

  it('gives out each page of a ranking by one query, but where hosts have no row', async () => {
    const store = await openNew();
    const wanted = report();
    must(await store.finishSweep(wanted));
    dynamodb.calls.length = 0;
    const first = must(await store.ranking(wanted.sweep.id, { limit: 50 }));
    expect(dynamodb.calls).toEqual(['Query']);
    const rest = must(await store.ranking(wanted.sweep.id, { limit: 50, cursor: first.cursor ?? '' }));
    expect(dynamodb.calls).toEqual(['Query', 'Query']);
    expect([...first.rows, ...rest.rows]).toEqual(wanted.hosts.map(rankingRowOf));
    expect(rest.cursor).toBeUndefined();

    const lost = { ...healthyHost('lost-1'), status: 'not-swept' as const };
    const closed = report();
    must(await store.putHosts(closed.sweep.id, closed.hosts));
    must(await store.closeSweep(closed.sweep, { patterns: [], order: [], hosts: [lost] }));
    dynamodb.calls.length = 0;
    expect(must(await store.ranking(closed.sweep.id, { limit: 100 })).rows).toHaveLength(62);
    expect(dynamodb.calls).toContain('GetItem');
    await store.close();
  });
});

describe('opening a store in DynamoDB says', () => {
  it('how to make a table that is not there', async () => {
    expect(await open()).toMatchObject({
      kind: 'no-table',
      mend: expect.stringContaining(`whodisk store create --store dynamodb:${TABLE}`),
    });
  });

  it('that AWS refuses', async () => {
    dynamodb.fault = () => ({ refuse: 'AccessDeniedException', message: 'User: x is not authorized' });
    expect(await open()).toMatchObject({ kind: 'denied', message: expect.stringContaining('not authorized') });
  });

  it('that nothing listens, within the deadline', async () => {
    await dynamodb.stop();
    expect(await open({ deadlineMs: 8000 })).toMatchObject({ kind: expect.stringMatching('unreachable|deadline') });
    dynamodb = await startDynamoDb();
  });

  it('that there are no credentials, and never shows those that there are', async () => {
    must(await createTable(where()));
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    const refused = await open();
    expect(refused).toMatchObject({ kind: 'no-credentials' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'tops3cret');
    dynamodb.fault = () => ({ refuse: 'UnrecognizedClientException', message: 'The security token is invalid.' });
    expect(JSON.stringify(await open())).not.toContain('tops3cret');
  });

  it('that there is no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    const opened = await openStore({ kind: 'dynamodb', table: TABLE }, { retentionDays: 1, nowMs: Date.now });
    expect(opened).toMatchObject({ kind: 'no-credentials', message: expect.stringContaining('region') });
  });
});

describe('store create', () => {
  it('makes the table with its expiry, waits for it, and does nothing the second time', async () => {
    expect(await createTable(where(), { pollMs: 5 })).toEqual({ table: TABLE, isNew: true, expires: true });
    expect(dynamodb.calls).toContain('UpdateTimeToLive');
    dynamodb.calls.length = 0;
    expect(await createTable(where())).toEqual({ table: TABLE, isNew: false, expires: true });
    expect(dynamodb.calls).not.toContain('UpdateTimeToLive');
  });

  it('leaves a table alone that is something else', async () => {
    const client = new DynamoDBClient({ endpoint: dynamodb.url });
    const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' as const }];
    const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' as const }];
    await client.send(
      new CreateTableCommand({ TableName: TABLE, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }),
    );
    await client.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: 'theirs' } } }));
    expect(await createTable(where())).toMatchObject({
      kind: 'table-differs',
      message: expect.stringContaining('id (HASH)'),
    });
    expect(dynamodb.calls).not.toContain('UpdateTimeToLive');
    client.destroy();
  });

  it('gives up in time where the table never comes up', async () => {
    dynamodb.fault = (operation) => (operation === 'DescribeTable' ? 'silence' : undefined);
    expect(await createTable(where(), { deadlineMs: 300 })).toMatchObject({ kind: 'deadline' });
  });
});
