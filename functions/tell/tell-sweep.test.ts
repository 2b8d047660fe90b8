import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { healthyHost, refused, saturatedHost, silent } from '../../test/findings.ts';
import { jobOf, OPS, TELL_CONFIG, type TellSite, tellSite } from '../../test/serve/tell-site.ts';
import type { Tell } from '../sweep/job.ts';
import { tellSweep } from './tell-sweep.ts';
import { webhookBodySchema } from './webhook-body.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: TellSite;
beforeEach(async () => {
  site = await tellSite();
});
afterEach(() => site.end());

const all = (name: string): Tell => ({ kind: 'destination', name, onlyChanges: false, watch: 'saturated' });
const changes = (name: string, watch: 'saturated' | 'busy' = 'saturated'): Tell => ({
  kind: 'destination',
  name,
  onlyChanges: true,
  watch,
});
const tell = (sweep: Sweep, ...to: Tell[]): Promise<boolean> => tellSweep(site.deps)(jobOf(sweep, to), sweep);
const texts = (path = OPS): string[] => site.receiver.received.filter((one) => one.path === path).map(({ raw }) => raw);
const busy = (name: string, more: Partial<VisitedHost> = {}): VisitedHost =>
  healthyHost(name, {
    verdict: 'busy',
    score: 30,
    disks: healthyHost(name).disks.map((disk) => ({ ...disk, verdict: 'busy', busyPercent: 70 })),
    ...more,
  });

describe('a sweep that has ended is told', () => {
  test('to Slack as one message with its heading', async () => {
    const sweep = await site.swept([saturatedHost('db-1'), healthyHost('db-2')]);
    expect(await tell(sweep, all('ops'))).toBe(true);
    const [{ json, headers }] = site.receiver.received as [(typeof site.receiver.received)[0]];
    expect(headers['content-type']).toContain('application/json');
    expect(json).toMatchObject({ text: expect.stringContaining('Schedule nightly'), blocks: expect.any(Array) });
    expect(JSON.stringify(json)).toContain('logtest.py');
  });

  test('to a URL as JSON that is signed and dated, with an id that stays the same', async () => {
    const sweep = await site.swept([saturatedHost('db-1'), saturatedHost('db-2'), healthyHost('db-3')]);
    site.receiver.answer(500);
    expect(await tell(sweep, all('tickets'))).toBe(false);
    site.receiver.answer(204);
    expect(await tell(sweep, all('tickets'))).toBe(true);
    const [first, second] = site.receiver.received;
    for (const message of [first, second]) {
      const stamp = message?.headers['x-whodisk-timestamp'];
      expect(Math.abs(Date.now() / 1000 - Number(stamp))).toBeLessThan(60);
      const hash = createHmac('sha256', 't1ckets').update(`${stamp}.${message?.raw}`).digest('hex');
      expect(message?.headers['x-whodisk-signature']).toBe(`sha256=${hash}`);
      expect(message?.headers['x-whodisk-id']).toBe(`${sweep.id}-tickets`);
    }
    expect(webhookBodySchema.parse(first?.json)).toEqual({
      schemaVersion: 1,
      type: 'sweep',
      sentence: expect.stringMatching(
        /^Schedule nightly: 3 hosts of @db: 2 saturated, 1 healthy\. Worst: db-1: logtest\.py 18940 saturates sda/u,
      ),
      sweep,
      couldNotRun: false,
      hosts: [expect.objectContaining({ host: 'db-1' }), expect.anything(), expect.objectContaining({ host: 'db-3' })],
      patterns: [expect.objectContaining({ program: 'logtest.py', hosts: ['db-1', 'db-2'] })],
      publicUrl: 'https://whodisk.example.com',
    });
  });

  test('to a response_url in the channel where it was asked', async () => {
    const sweep = await site.swept([saturatedHost('db-1')], { trigger: 'chat', by: '@ann in C1' });
    const url = `${site.receiver.origin}/commands/hunter2`;
    expect(await tell(sweep, { kind: 'slack-response', url })).toBe(true);
    expect(site.receiver.received).toMatchObject([
      { path: '/commands/hunter2', json: { response_type: 'in_channel', replace_original: false } },
    ]);
    expect(site.logged.join('\n')).not.toContain('hunter2');
  });

  test('once to each, however many try at once and again', async () => {
    const sweep = await site.swept([saturatedHost('db-1')]);
    const other = await site.stores.open();
    const job = jobOf(sweep, [all('ops'), all('tickets')]);
    const tellers = [tellSweep(site.deps), tellSweep({ ...site.deps, store: other })];
    await Promise.all(Array.from({ length: 6 }, (_, n) => tellers[n % 2]?.(job, sweep)));
    expect(await tellers[0]?.(job, sweep)).toBe(true);
    expect([texts().length, texts('/tickets').length]).toEqual([1, 1]);
  });

  test('again only to whom it could not be told', async () => {
    const sweep = await site.swept([saturatedHost('db-1')]);
    site.writeConfig(TELL_CONFIG.replace('RECEIVER/tickets', 'http://127.0.0.1:1/tickets'));
    expect(await tell(sweep, all('ops'), all('tickets'))).toBe(false);
    site.writeConfig(TELL_CONFIG);
    expect(await tell(sweep, all('ops'), all('tickets'))).toBe(true);
    expect([texts().length, texts('/tickets').length]).toEqual([1, 1]);
  });

  test.each([
    [400, true],
    [404, true],
    [301, true],
    [408, false],
    [429, false],
    [500, false],
  ])('not again after status %i: %s', async (status, isSettled) => {
    const sweep = await site.swept([saturatedHost('db-1')]);
    site.receiver.answer(status);
    expect(await tell(sweep, all('ops'))).toBe(isSettled);
    expect(site.logged.join('\n')).toContain(`status ${status}`);
    expect(site.logged.join('\n')).not.toContain('hunter2');
    site.receiver.answer(200);
    expect(await tell(sweep, all('ops'))).toBe(true);
    expect(site.receiver.received).toHaveLength(isSettled ? 1 : 2);
  });

  test('later where whodisk.yml or the secret cannot be read, and never where it is not described any more', async () => {
    const sweep = await site.swept([saturatedHost('db-1')]);
    site.writeConfig('port: x\n');
    expect(await tell(sweep, all('ops'))).toBe(false);
    site.writeConfig(TELL_CONFIG.replace('{file: ops}', '{env: NOT_SET}'));
    expect(await tell(sweep, all('ops'))).toBe(false);
    expect(site.logged.at(-1)).toContain('NOT_SET is not set');
    expect(await tell(sweep, all('nobody'))).toBe(true);
    expect(site.receiver.received).toEqual([]);
  });

  test.each(['http://127.0.0.1:1/x', 'https://hooks.slack.com.evil.example/hunter2', 'http://169.254.169.254/hunter2'])(
    'never to a response_url whose origin is not listed: %s',
    async (url) => {
      const sweep = await site.swept([saturatedHost('db-1')]);
      expect(await tell(sweep, { kind: 'slack-response', url })).toBe(true);
      expect(site.logged.join()).toContain('slack.responseOrigins');
      expect(site.logged.join()).not.toContain('hunter2');
    },
  );
});

describe('where only changes are told', () => {
  test('trouble is news in the first sweep, and no news in the next one', async () => {
    expect(await tell(await site.swept([saturatedHost('db-1'), healthyHost('db-2')]), changes('tickets'))).toBe(true);
    expect(await tell(await site.swept([saturatedHost('db-1'), healthyHost('db-2')]), changes('tickets'))).toBe(true);
    const [first, ...others] = site.receiver.received;
    expect(first?.json).toMatchObject({
      sentence: expect.stringMatching(
        /^Schedule nightly: 2 hosts of @db: 1 saturated, 1 healthy\. 1 new\. Worst: db-1: logtest\.py 18940 /u,
      ),
      changes: { new: [{ host: 'db-1' }], worse: [], gone: [] },
    });
    expect(others).toEqual([]);
  });

  test('a fleet without trouble says nothing', async () => {
    for (const hosts of [[healthyHost('db-1')], [busy('db-1')], [healthyHost('db-1')]]) {
      expect(await tell(await site.swept(hosts), changes('ops'))).toBe(true);
    }
    expect(site.receiver.received).toEqual([]);
  });

  test('what is new, worse and gone is told, what is better is not', async () => {
    await site.swept([saturatedHost('db-1'), healthyHost('db-2'), saturatedHost('db-3'), silent('db-4')]);
    const now = await site.swept([healthyHost('db-1'), saturatedHost('db-2'), silent('db-3'), saturatedHost('db-4')]);
    await tell(now, changes('tickets'));
    expect(site.receiver.received[0]?.json).toMatchObject({
      sentence: expect.stringContaining('1 new, 1 worse, 1 fine again. Worst: db-2: '),
      changes: { new: [{ host: 'db-2' }], worse: [{ host: 'db-3' }], gone: [{ host: 'db-1' }] },
    });
  });

  test('hosts that become busy are news where these are watched', async () => {
    await site.swept([healthyHost('db-1')]);
    const now = await site.swept([busy('db-1')]);
    await tell(now, changes('ops'), changes('tickets', 'busy'));
    expect(site.receiver.received.map(({ path }) => path)).toEqual(['/tickets']);
  });

  test('sweeps of others are not compared with, however many there are', async () => {
    await site.swept([saturatedHost('db-1')]);
    for (let n = 0; n < 3; n++) await site.swept([healthyHost('db-1')], { trigger: 'api', by: 'token ci' });
    await site.swept([healthyHost('db-1')], { by: 'schedule hourly' });
    await site.swept([healthyHost('db-1')], { status: 'cancelled' });
    await tell(await site.swept([saturatedHost('db-1')]), changes('ops'));
    expect(site.receiver.received).toEqual([]);
  });

  test('a host that could not be reached once is not in trouble anew, and the end of its trouble is told', async () => {
    await site.swept([saturatedHost('db-1'), saturatedHost('db-2'), healthyHost('db-3')]);
    await tell(await site.swept([refused('db-1'), refused('db-2'), healthyHost('db-3')]), changes('tickets'));
    expect(site.receiver.received).toEqual([]);
    await tell(await site.swept([saturatedHost('db-1'), healthyHost('db-2'), healthyHost('db-3')]), changes('tickets'));
    expect(site.receiver.received[0]?.json).toMatchObject({
      changes: { new: [], worse: [], gone: [{ host: 'db-2' }] },
    });
  });

  test('a sweep that saw no host could not run: said once, and again only after one that saw some', async () => {
    const lost = [refused('db-1'), refused('db-2')];
    await tell(await site.swept([healthyHost('db-1'), healthyHost('db-2')]), changes('tickets'));
    for (let n = 0; n < 3; n++) await tell(await site.swept(lost), changes('tickets'));
    expect(texts('/tickets')).toHaveLength(1);
    expect(site.receiver.received[0]?.json).toMatchObject({
      couldNotRun: true,
      sentence: expect.stringMatching(
        /^Schedule nightly could not run: 2 hosts of @db: 2 not swept\. Worst: db-1: Not swept: db-1 refused/u,
      ),
    });
    await tell(await site.swept([healthyHost('db-1'), healthyHost('db-2')]), changes('tickets'));
    await tell(await site.swept(lost), changes('tickets'));
    expect(texts('/tickets')).toHaveLength(2);
  });

  test('one that was cancelled says nothing', async () => {
    await tell(await site.swept([saturatedHost('db-1')], { status: 'cancelled' }), changes('ops'));
    expect(site.receiver.received).toEqual([]);
  });
});

test('hostile names stay within one message and make no mention', async () => {
  const name = '<!channel> <https://evil.example|x> `@here`';
  const hosts = Array.from({ length: 300 }, (_, n) => saturatedHost(`db-${n}`, { summary: name.repeat(99) }));
  const sweep = await site.swept([...hosts, saturatedHost(name)], { asked: [name] });
  expect(await tell(sweep, all('ops'), all('tickets'))).toBe(true);
  expect(texts()[0]).not.toContain('<!channel>');
  const [, body] = [...site.receiver.received].sort((a, b) => a.path.length - b.path.length).reverse();
  expect(body?.raw.length).toBeLessThan(200_000);
});
