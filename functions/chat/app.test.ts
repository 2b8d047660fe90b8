import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sweep } from '../../runner/report.ts';
import { recordedHost, refusedHost } from '../../test/api/recorded-hosts.ts';
import {
  type ChatSite,
  type ChatSiteOptions,
  chatSite,
  commandBody,
  pressBody,
  shown,
} from '../../test/chat/chat-site.ts';
import { SECRET, signed } from '../../test/chat/signed.ts';
import { healthyHost, reportOf, saturatedHost } from '../../test/findings.ts';
import { hostileHost } from '../../test/hostile-text.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import type { AuditRecord } from '../audit-record.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { jobSchema } from '../sweep/job.ts';

const sites: ChatSite[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.end();
});
async function site(options: ChatSiteOptions = {}): Promise<ChatSite> {
  const made = await chatSite(options);
  sites.push(made);
  return made;
}

const audited = async (store: Store): Promise<AuditRecord[]> => must(await store.audit({ limit: 50 })).records;
const sweepsOf = async (store: Store): Promise<Sweep[]> => must(await store.sweeps({ limit: 50 })).sweeps;

describe('requests that are not signed by Slack', () => {
  test.each([
    ['without a signature', (body: string) => ({ 'content-type': signed(body, 0)['content-type'] ?? '' })],
    ['with the signature of another body', () => signed('text=', Date.now())],
    ['with another secret', (body: string) => signed(body, Date.now(), 'another')],
    ['six minutes old', (body: string) => signed(body, Date.now() - 360_000)],
    ['six minutes early', (body: string) => signed(body, Date.now() + 360_000)],
  ])('%s get 401, and nothing happens', async (_, headers) => {
    const { app, store, logged } = await site();
    const body = commandBody('@db');
    const response = await app.request('/chat/slack', { method: 'POST', headers: headers(body), body });
    expect(response.status).toBe(401);
    expect(await sweepsOf(store)).toEqual([]);
    expect(logged.join()).not.toContain(SECRET);
  });

  test('a request that comes twice counts once, also beside itself', async () => {
    const { app, store, responseUrl } = await site();
    const body = commandBody('@db', { responseUrl: responseUrl() });
    const headers = signed(body, Date.now());
    const both = await Promise.all([1, 2, 3].map(() => app.request('/chat/slack', { method: 'POST', headers, body })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await app.request('/chat/slack', { method: 'POST', headers, body })).status).toBe(401);
    expect(await sweepsOf(store)).toHaveLength(1);
  });

  test('a body that was encoded anew gets 401', async () => {
    const { post } = await site();
    const body = commandBody('@db');
    const response = await post(body.replace('%40', '@'), { headers: signed(body, Date.now()) });
    expect(response.status).toBe(401);
  });

  test('more than 64 KiB get 413, whether said or not', async () => {
    const { post, app } = await site();
    const body = `text=${'x'.repeat(70_000)}`;
    expect((await post(body)).status).toBe(413);
    const stream = new Blob([body]).stream();
    const init = { method: 'POST', headers: signed(body, Date.now()), body: stream, duplex: 'half' };
    expect((await app.request('/chat/slack', init as RequestInit)).status).toBe(413);
  });
});

describe('over a connection', () => {
  test('a body of no length, and one that ends in the middle, are no fault of ours', async () => {
    const { app, logged } = await site();
    // As the service does it: Node's own Request stays what it is.
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const body = commandBody('help');
    const headers = signed(body, Date.now());
    const sent = request({
      port,
      path: '/chat/slack',
      method: 'POST',
      headers: { ...headers, 'transfer-encoding': 'chunked' },
    });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.resume().statusCode).toBe(200);
    const half = request({ port, path: '/chat/slack', method: 'POST', headers: { 'content-length': 100 } });
    half.on('error', () => {});
    half.write('text=');
    await new Promise((resolve) => setTimeout(resolve, 100));
    half.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a set-up that is not complete', () => {
  test('a secret that cannot be read is 503, and the log says why', async () => {
    const { post, logged } = await site({ env: {} });
    expect((await post(commandBody('help'))).status).toBe(503);
    expect(logged.join()).toContain('The environment variable SIGNING_SECRET is not set');
  });

  test('a new secret counts at once', async () => {
    const env = { SIGNING_SECRET: SECRET };
    const { post } = await site({ env });
    expect((await post(commandBody('help'))).status).toBe(200);
    env.SIGNING_SECRET = 'rotated';
    expect((await post(commandBody('help'))).status).toBe(401);
    const body = commandBody('help');
    expect((await post(body, { headers: signed(body, Date.now(), 'rotated') })).status).toBe(200);
  });

  test('a whodisk.yml that cannot be read is 503, and none of Slack in it 404', async () => {
    const broken = await site({ config: async () => ({ problem: 'whodisk.yml line 3: no' }) });
    expect((await broken.post(commandBody('help'))).status).toBe(503);
    const { slack: _slack, ...config } = (await site()).config;
    expect((await (await site({ config: async () => config })).post(commandBody('help'))).status).toBe(404);
  });

  test('what is signed and still no request is 400; a check of the certificate and foreign interactions are 200', async () => {
    const { post } = await site();
    for (const body of [
      '',
      'text=x',
      'payload=',
      'payload={',
      'payload=null',
      `payload=${encodeURIComponent('{"type":"block_actions"}')}`,
    ])
      expect([body, (await post(body)).status]).toEqual([body, 400]);
    expect((await post('ssl_check=1&token=x')).status).toBe(200);
    expect((await post(`payload=${encodeURIComponent('{"type":"view_submission"}')}`)).status).toBe(200);
    expect((await post(pressBody('whodisk-open', ''))).status).toBe(200);
  });
});

describe('a sweep', () => {
  test('is acknowledged in the channel, and its results go to the response_url', async () => {
    const { command, store, queued, responses, responseUrl } = await site();
    const url = responseUrl();
    const reply = await command('@db', { responseUrl: url });
    expect(reply).toMatchObject({
      response_type: 'in_channel',
      text: 'Sweeping `@db`: 2 hosts, answer in about 8 s.',
    });
    const [sweep] = await sweepsOf(store);
    expect(sweep).toMatchObject({ trigger: 'chat', asked: ['@db'], by: '@ann in C1', targets: 2 });
    const job = jobSchema.parse(must(await store.job(sweep?.id ?? ''))?.job);
    expect(job).toMatchObject({
      names: ['db-1', 'db-2'],
      by: { kind: 'chat', team: 'T1', channel: 'C1', user: 'U1', userName: 'ann' },
      tell: [{ kind: 'slack-response', url }],
    });
    expect(queued).toEqual([{ kind: 'plan', sweepId: sweep?.id }]);
    expect(responses()).toEqual([]);
  });

  test('takes hosts and groups, folded sets, and what Slack made of them', async () => {
    const { command } = await site();
    expect((await command('db-1 @db')).text).toContain('`db-1`, `@db`: 2 hosts');
    expect((await command('db-[1-2]')).text).toContain('2 hosts');
    expect((await command('<@U77|db>')).text).toContain('`@db`: 2 hosts');
  });

  test('of what is no host suggests one that may be seen from here, and tells of no other', async () => {
    const { command } = await site();
    const reply = await command('db-3 secret-2');
    expect(reply.response_type).toBe('ephemeral');
    expect(shown(reply)).toContain('Did you mean db-1?');
    expect(shown(reply)).not.toContain('secret-1');
    expect(shown(await command('@nope'))).toContain('Known are @db');
    for (const text of ['root@db-1', '127.0.0.1', '169.254.169.254', '127.1', '::ffff:a9fe:a9fe', '--help', 'http://x'])
      expect(shown(await command(text))).not.toContain('Sweeping');
  });

  test('is answered late where the store is slow, and then in the response_url', async () => {
    const slow = await site();
    const { store } = slow;
    const late = await site({
      patienceMs: 30,
      store: { ...store, claim: (...args) => later(() => store.claim(...args)) },
    });
    const began = performance.now();
    const reply = await late.command('@db');
    expect(performance.now() - began).toBeLessThan(1000);
    expect(reply).toMatchObject({ response_type: 'ephemeral', text: 'Looking: the answer follows.' });
    await late.settled();
    expect(late.responses()).toMatchObject([{ response_type: 'in_channel', replace_original: false }]);
    expect(late.responses()[0]?.text).toContain('Sweeping `@db`');
  });

  test('is answered in the response_url where most of what Slack waits for was over before it came here', async () => {
    const { store } = await site();
    const cold = await site({
      patienceMs: 2000,
      askedAtMs: () => Date.now() - 1990,
      store: { ...store, claim: (...args) => later(() => store.claim(...args)) },
    });
    expect(await cold.command('@db')).toMatchObject({ text: 'Looking: the answer follows.' });
    await cold.settled();
    expect(cold.responses()[0]?.text).toContain('Sweeping `@db`');
  });

  test('is not begun where the store cannot say whether the request came before', async () => {
    const { store } = await site();
    const problem = new StoreProblem('denied', 'table secret-table is not ours', 'look');
    const { command, logged, queued } = await site({ store: { ...store, claim: async () => problem } });
    const reply = await command('@db');
    expect(reply.text).toContain('The store of whodisk does not answer (`denied`)');
    expect(reply.text).not.toContain('secret-table');
    expect(logged.join()).toContain('secret-table');
    expect(queued).toEqual([]);
  });

  test('is not begun while sweeps are stopped', async () => {
    const { command } = await site({ moreConfig: { disabled: 'Every sweep is stopped: enabled is false' } });
    expect(shown(await command('@db'))).toBe('Nothing can be done now:\nEvery sweep is stopped: enabled is false');
  });
});

const later = async <T>(work: () => Promise<T>): Promise<T> => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return await work();
};

describe('a response_url', () => {
  const INWARD = [
    'http://169.254.169.254/latest/meta-data',
    'https://127.1/x',
    'https://[::ffff:a9fe:a9fe]/x',
    'https://hooks.slack.com.evil.example/x',
    'https://hooks.slack.com@evil.example/x',
    'file:///etc/passwd',
    'nonsense',
  ];

  test.each(INWARD)('at %s is sent nothing, and no sweep is begun for it', async (url) => {
    const { command, post, queued, settled, responses, logged } = await site();
    const reply = await command('@db', { responseUrl: url });
    expect(reply.response_type).toBe('ephemeral');
    expect(shown(reply)).toContain('Nothing is swept, since the results could not be told here');
    expect((await post(pressBody('whodisk-again', '{}', { responseUrl: url }))).status).toBe(200);
    await settled();
    expect(queued).toEqual([]);
    expect(responses()).toEqual([]);
    expect(logged.join()).not.toContain(url);
  });

  test('takes three answers and no more', async () => {
    const { press, responses, responseUrl } = await site();
    const url = responseUrl();
    for (let count = 0; count < 5; count += 1) await press('whodisk-again', {}, { responseUrl: url });
    expect(responses()).toHaveLength(3);
  });
});

describe('who may what', () => {
  test.each([
    ['another channel', { channel: 'C2' }],
    ['another team', { team: 'T2' }],
  ])('%s is refused politely, in the audit and in the log', async (_, from) => {
    const { command, store, logged, queued } = await site();
    const reply = await command('@db', from);
    expect(reply.response_type).toBe('ephemeral');
    expect(shown(reply)).toContain('Sorry, nothing has been allowed to you in this channel yet');
    expect(shown(reply)).not.toContain('Sweeping');
    expect(queued).toEqual([]);
    const [record] = await audited(store);
    expect(record).toMatchObject({ event: 'refused', by: { kind: 'chat', user: 'U1', ...from }, what: '@db' });
    expect(logged.join()).toContain('refused in chat');
  });

  test('another user is refused where users are named', async () => {
    const { command } = await site({ allow: [{ team: 'T1', users: ['U1'], targets: ['@db'] }] });
    expect(shown(await command('@db', { user: 'U2' }))).toContain('Sorry');
    expect(shown(await command('@db', { channel: 'C9' }))).toContain('Sweeping');
  });

  test('what several entries allow is allowed together, and nothing else', async () => {
    const { command, store } = await site({
      allow: [
        { team: 'T1', targets: ['db-1'] },
        { team: 'T1', channels: ['C1'], targets: ['db-2'] },
        { team: 'T1', users: ['U9'], targets: ['secret-1'] },
      ],
    });
    expect(shown(await command('@db'))).toContain('Sweeping');
    expect(shown(await command('@db', { channel: 'C2' }))).toContain('`@db` goes beyond what you may sweep');
    expect(shown(await command('@all'))).toContain('that is `db-1`, `db-2`');
    expect((await audited(store)).filter(({ event }) => event === 'refused')).toHaveLength(2);
  });

  test('no command shows a host that may not be swept', async () => {
    const { command, press, store } = await site();
    const id = nextSweepId();
    for (const more of [id, nextSweepId()]) {
      const hosts = [saturatedHost('secret-1'), healthyHost('db-1')];
      must(await store.finishSweep(reportOf(hosts, { id: more, asked: ['@all'], by: 'token secret-token' })));
    }
    const texts = [
      shown(await command('host secret-1')),
      shown(await command('status')),
      shown(await command('diff')),
      shown(await press('whodisk-details', { sweep: id, host: 'secret-1' })),
      shown(await press('whodisk-again', { sweep: id })),
    ];
    expect(texts[0]).toContain('Sorry, `secret-1` goes beyond');
    expect(texts[1]).toContain('1 host of `@db`: 1 healthy');
    expect(texts[2]).toContain('Nothing has changed: 1 host is as it was');
    expect(texts[3]).toContain('Sorry, `secret-1` goes beyond');
    expect(JSON.stringify(await command('status'))).not.toContain('whodisk-again');
    expect(texts[4]).toContain('Sorry, `@all` goes beyond');
    for (const text of texts) expect(text).not.toMatch(/logtest|secret-token|SATURATED/u);
  });

  test('a person of another company in a shared channel is one of theirs', async () => {
    const { post, responses, responseUrl, settled } = await site();
    const payload = {
      type: 'block_actions',
      team: { id: 'T1' },
      user: { id: 'U1', team_id: 'T2' },
      channel: { id: 'C1' },
      response_url: responseUrl(),
      actions: [{ action_id: 'whodisk-again', value: JSON.stringify({ sweep: nextSweepId() }) }],
    };
    expect((await post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString())).status).toBe(200);
    await settled();
    expect(responses()[0]?.text).toContain('Sorry');
  });
});

describe('what is stored', () => {
  async function filled(): Promise<ChatSite & { readonly ids: readonly [string, string] }> {
    const made = await site({ moreConfig: { publicUrl: 'https://w.example' } });
    const ids = [nextSweepId(), nextSweepId()] as const;
    const hosts = [await recordedHost('db-1'), await refusedHost('db-2')];
    must(
      await made.store.finishSweep(
        reportOf([healthyHost('db-1'), await refusedHost('db-2')], { id: ids[0], asked: ['@db'] }),
      ),
    );
    must(await made.store.finishSweep(reportOf(hosts, { id: ids[1], asked: ['@db'] })));
    return { ...made, ids };
  }

  test('host shows the newest finding as a chain of evidence', async () => {
    const { command } = await filled();
    const reply = await command('host db-1');
    expect(reply.response_type).toBe('in_channel');
    expect(shown(reply)).toMatch(/^`db-1` \*SATURATED\*, seen /);
    for (const label of ['\ncpu ', '\ndisk ', '\nprocess ', '\nsyscall ', '\nfile ', '\nverdict '])
      expect(shown(reply)).toContain(label);
    expect(shown(await command('host db-2'))).toContain('is sshd running there?');
  });

  test('host says what it does not know', async () => {
    const { command } = await site();
    expect(shown(await command('host db-1'))).toContain(
      '`db-1`: Nothing is stored of it yet. To look at it now: `/whodisk db-1`',
    );
    expect(shown(await command('host'))).toContain('Name one host');
    expect(shown(await command('host @db'))).toContain('`@db` is 2 hosts: name one of them');
    expect(shown(await command('host db-11'))).toContain('Did you mean db-1?');
  });

  test('status shows what runs and what was found last', async () => {
    const { command } = await filled();
    expect(shown(await command('status'))).toContain('No sweep is running.');
    await command('@db');
    const text = shown(await command('status'));
    expect(text).toContain('Sweeping `@db` for `@ann in C1`: 0 of 2 hosts, began just now');
    expect(text).toMatch(/Last, .*: 2 hosts of `@db`: 1 saturated, 1 not swept/u);
    expect(shown(await (await site()).command('status'))).toContain('Nothing has been found yet');
  });

  test('diff shows what is new since the last sweep of the same', async () => {
    const { command } = await filled();
    const text = shown(await command('diff'));
    expect(text).toContain('1 new');
    expect(text).toMatch(/\*New\*\n.*1\. `db-1`/su);
    expect(shown(await (await site()).command('diff'))).toContain('no two sweeps of the same targets');
  });

  test('Details are for whoever presses, and Sweep again sweeps the same', async () => {
    const { press, store, ids } = await filled();
    const details = await press('whodisk-details', { sweep: ids[1], host: 'db-1' });
    expect(details).toMatchObject({ response_type: 'ephemeral', replace_original: false });
    expect(shown(details)).toContain('`db-1` *SATURATED*');
    const again = await press('whodisk-again', { sweep: ids[0] });
    expect(again).toMatchObject({ response_type: 'in_channel' });
    expect(again?.text).toContain('Sweeping `@db`: 2 hosts');
    const [newest] = await sweepsOf(store);
    expect(newest).toMatchObject({ asked: ['@db'], trigger: 'chat', windowSeconds: 5 });
  });

  test('a forged value of a button is answered, and does nothing', async () => {
    const { press, queued } = await filled();
    const values = [
      '',
      '{',
      'null',
      '{"sweep":"../x"}',
      { sweep: '__proto__', host: 'db-1' },
      { host: 'db-1' },
      'x'.repeat(2000),
    ];
    for (const value of values) {
      expect((await press('whodisk-details', value))?.text).toContain('This button is of an earlier whodisk');
      expect((await press('whodisk-again', value))?.text).toContain('This button is of an earlier whodisk');
    }
    const unknown = { sweep: nextSweepId(), host: 'db-1' };
    expect((await press('whodisk-details', unknown))?.text).toContain('has nothing of `db-1`');
    expect((await press('whodisk-again', unknown))?.text).toContain('not stored any more');
    expect(queued).toEqual([]);
  });

  test('names that hosts made up are inert', async () => {
    const { command, store } = await site({ hosts: ['<!channel>`*x*'], allow: [{ team: 'T1', targets: ['@all'] }] });
    const host = hostileHost('<!channel> <@U1> `tick` :smile:');
    must(
      await store.finishSweep(reportOf([{ ...host, host: '<!channel>`*x*' }], { id: nextSweepId(), asked: ['@all'] })),
    );
    for (const text of ['status', 'host &lt;!channel&gt;`*x*']) {
      const reply = JSON.stringify(await command(text));
      expect(reply).toContain('&lt;!channel&gt;');
      expect(reply).not.toContain('<!channel>');
      expect(reply).not.toContain('<@U1>');
    }
  });

  test('help says what can be asked, and what from here', async () => {
    const { command } = await site();
    for (const text of ['', 'help']) {
      const reply = await command(text);
      expect(reply.response_type).toBe('ephemeral');
      expect(shown(reply)).toContain('`/whodisk host db-7`');
      expect(shown(reply)).toContain('From this channel you may sweep `@db`');
    }
    expect(shown(await command('help', { channel: 'C3' }))).toContain('Nothing has been allowed to you');
  });
});
