import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { HOSTILE_TEXTS } from '../../test/hostile-text.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import { createAuthenticate } from '../auth/authenticate.ts';
import { countStandings } from '../render/standing.ts';
import { StoreProblem } from '../store/problem.ts';
import { exposition } from './exposition.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const BROKEN = new StoreProblem('busy', 'the store in /secret/place does not answer', 'wait');

let site: ApiSite;
beforeAll(async () => {
  site = await apiSite();
});
afterAll(() => site?.end());

describe('the metrics', () => {
  it('before any sweep are those of an empty store', async () => {
    const text = await (await site.ask('/metrics', { scope: 'read' })).text();
    expect(text).toContain('whodisk_info{version="0.0.0-test"} 1\n');
    expect(text).toContain('whodisk_open_sweeps 0\n');
    expect(text).not.toContain('whodisk_last_sweep');
  });

  it('are those of the newest sweep that has ended, with at most 500 hosts', async () => {
    const hosts = [
      ...Array.from({ length: 600 }, (_, i) => saturatedHost(`h-${i}`, { disks: [] })),
      silent('mute'),
      refused('gone-1'),
      refused('gone-2'),
    ];
    const report = reportOf(hosts, { id: nextSweepId(), trigger: 'schedule', counts: countStandings(hosts) });
    must(await site.store.finishSweep(report));
    const { finishedAt: _, ...running } = reportOf([], { id: nextSweepId(), status: 'running' }).sweep;
    must(await site.store.beginSweep(running, Date.now() + 60_000));
    const answer = await site.ask('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    for (const line of [
      'whodisk_sweeps{trigger="schedule",status="complete"} 1',
      'whodisk_sweeps{trigger="cli",status="running"} 1',
      'whodisk_open_sweeps 1',
      'whodisk_last_sweep_hosts{standing="saturated"} 600',
      'whodisk_last_sweep_hosts{standing="suspected-hung"} 1',
      'whodisk_last_sweep_hosts{standing="healthy"} 0',
      'whodisk_last_sweep_failures{phase="connect",kind="refused"} 2',
      'whodisk_last_sweep_failures{phase="deadline",kind="suspected-hung"} 1',
      'whodisk_last_sweep_duration_seconds 5.8',
      'whodisk_host_score{host="mute",verdict="inconclusive"} 89',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text.match(/^whodisk_host_score\{/gm)).toHaveLength(500);
    expect(await (await site.ask('/metrics')).text()).toBe(text);
  });

  it('of a sweep that nobody has ended in time are complete once somebody has', async () => {
    let nowMs = Date.now();
    const own = await apiSite({}, { nowMs: () => nowMs });
    try {
      const { sweep } = reportOf([], { id: nextSweepId() });
      const { finishedAt: _, ...open } = { ...sweep, status: 'running' as const };
      must(await own.store.beginSweep(open, nowMs + 1000));
      nowMs += 2000;
      expect(await (await own.ask('/metrics')).text()).not.toContain('whodisk_host_score');
      const ended = { ...sweep, status: 'incomplete' as const };
      must(await own.store.closeSweep(ended, { patterns: [], order: ['db-1'], hosts: [refused('db-1')] }));
      expect(await (await own.ask('/metrics')).text()).toContain('whodisk_host_score{host="db-1"');
    } finally {
      await own.end();
    }
  });

  it('hold what a host is called as a label and nothing else', () => {
    for (const host of [...HOSTILE_TEXTS, 'a"} 1\nfake 2', '\\', '\\n', '"']) {
      const text = exposition([{ name: 'm', help: 'h', type: 'gauge', samples: [{ labels: { host }, value: 1 }] }]);
      const [, quoted] = /^# HELP m h\n# TYPE m gauge\nm\{host="((?:[^"\\\n]|\\["\\n])*)"\} 1\n$/u.exec(text) ?? [];
      const read = quoted?.replace(/\\(.)/gu, (_, character: string) => (character === 'n' ? '\n' : character));
      expect(read).toBe(host.replace(/\p{Cs}/gu, '\ufffd'));
    }
  });
});

describe('whether it lives', () => {
  it('is told to everybody, and asks the store once a second at most', async () => {
    expect(await (await site.ask('/healthz', { scope: null })).json()).toEqual({ status: 'ok' });
    let asked = 0;
    let now = 0;
    const tokenOf = async () => {
      asked += 1;
      return BROKEN;
    };
    const own = await apiSite({
      store: { ...site.store, tokenOf },
      nowMs: () => now,
    });
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => own.ask('/healthz', { scope: null })));
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(503));
      expect(asked).toBe(1);
      expect(await answers[0]?.text()).not.toContain('/secret/place');
      now = 1001;
      await own.ask('/healthz', { scope: null });
      expect(asked).toBe(2);
    } finally {
      await own.end();
    }
  });
});

describe('every answer', () => {
  it.each(['/v1/sweeps', '/healthz', '/nowhere', '/openapi.json', '/metrics'])(
    'of %s has strict headers and none for other sites',
    async (path) => {
      const { headers } = await site.ask(path, { headers: { origin: 'https://evil.example' } });
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it('to HEAD is that of GET without its body, and OPTIONS tells the methods', async () => {
    const head = await site.ask('/v1/sweeps', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await site.ask('/v1/sweeps', { method: 'HEAD', scope: null })).status).toBe(401);
    const options = await site.ask('/v1/sweeps/x', { method: 'OPTIONS', scope: null });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'DELETE, GET, HEAD, OPTIONS']);
    const put = await site.ask('/v1/sweeps', { method: 'PUT', scope: null });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST']);
    expect((await site.ask('/nowhere', { method: 'OPTIONS' })).status).toBe(404);
  });
});

describe('what goes wrong behind it', () => {
  it('in the store is a 503 that says when to come again', async () => {
    const failing = async () => BROKEN;
    const own = await apiSite({
      store: {
        ...site.store,
        sweeps: failing,
        sweep: failing,
        ranking: failing,
        finding: failing,
        findings: failing,
        audit: failing,
      },
    });
    try {
      const id = nextSweepId();
      for (const path of [
        '/v1/sweeps',
        `/v1/sweeps/${id}`,
        `/v1/sweeps/${id}/ranking`,
        `/v1/sweeps/${id}/hosts/x`,
        `/v1/sweeps/${id}/patterns`,
        '/v1/hosts/x/findings',
        '/v1/diff',
        '/v1/audit',
        '/metrics',
      ]) {
        const answer = await own.ask(path);
        expect([answer.status, answer.headers.get('retry-after')], path).toEqual([503, '5']);
      }
    } finally {
      await own.end();
    }
  });

  it('in the store tells whoever has shown no good token nothing of where that is', async () => {
    const own = await apiSite({ authenticate: createAuthenticate({ store: { tokenOf: async () => BROKEN } }) });
    try {
      const answer = await own.ask('/v1/sweeps');
      expect(answer.status).toBe(503);
      expect(await answer.text()).not.toContain('secret');
      expect(own.logged.join()).toContain('/secret/place');
    } finally {
      await own.end();
    }
  });

  it('in ourselves is a 500 that is logged, and tells the caller nothing of it', async () => {
    const own = await apiSite({
      store: { ...site.store, sweeps: () => Promise.reject(new Error('the secret is 42')) },
    });
    try {
      const answer = await own.ask('/v1/sweeps');
      expect(answer.status).toBe(500);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.text()).not.toMatch(/42|\.ts/);
      expect(own.logged.join('\n')).toContain('the secret is 42');
    } finally {
      await own.end();
    }
  });
});
