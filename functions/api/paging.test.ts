import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { healthyHost, refused, reportOf, saturatedHost } from '../../test/findings.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import { cursorAt, placeOf } from './cursor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const HOSTS = 60;
let site: ApiSite;
const ids: string[] = [];
let big: string;
beforeAll(async () => {
  site = await apiSite();
  for (let i = 0; i < 7; i++) {
    const report = reportOf([saturatedHost('db-1')], { id: nextSweepId() });
    must(await site.store.finishSweep(report));
    ids.unshift(report.sweep.id);
    const by = { kind: 'api' as const, token: 'ci', id: 'T' };
    const at = new Date().toISOString();
    must(await site.store.addAudit({ event: 'refused', at, id: nextSweepId(), by, what: `thing ${i}`, why: 'no' }));
  }
  const hosts = Array.from({ length: HOSTS }, (_, i) =>
    i % 3 === 0
      ? saturatedHost(`h-${i}`, { score: 60 + (i % 7) })
      : i % 3 === 1
        ? healthyHost(`h-${i}`)
        : refused(`h-${i}`),
  );
  const report = reportOf(hosts, { id: nextSweepId() });
  must(await site.store.finishSweep(report));
  big = report.sweep.id;
  ids.unshift(big);
});
afterAll(() => site?.end());

interface Page {
  readonly nextCursor?: string;
  readonly [list: string]: unknown;
}

/** All entries of a list, and how many are on each page. */
async function walked(path: string, list: string): Promise<{ entries: unknown[]; pages: number[] }> {
  const entries: unknown[] = [];
  const pages: number[] = [];
  let cursor: string | undefined;
  do {
    const url = `${path}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const answer = await site.ask(url);
    expect(answer.status, url).toBe(200);
    const page = (await answer.json()) as Page;
    const more = page[list] as unknown[];
    entries.push(...more);
    pages.push(more.length);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return { entries, pages };
}

describe('pages', () => {
  it('of sweeps are all of them, newest first', async () => {
    const { entries, pages } = await walked('/v1/sweeps?limit=3', 'sweeps');
    expect(entries.map((sweep) => (sweep as { id: string }).id)).toEqual(ids);
    expect(pages).toEqual([3, 3, 2]);
  });

  it.each(['', '&verdict=saturated', '&verdict=hung'])(
    'of a ranking are all of it, in its order%s',
    async (verdict) => {
      const whole = (await (await site.ask(`/v1/sweeps/${big}/ranking?limit=1000${verdict}`)).json()) as {
        rows: object[];
      };
      expect(whole.rows).toHaveLength(verdict === '' ? HOSTS : verdict === '&verdict=hung' ? 0 : HOSTS / 3);
      const { entries } = await walked(`/v1/sweeps/${big}/ranking?limit=7${verdict}`, 'rows');
      expect(entries).toEqual(whole.rows);
    },
  );

  it('of a history and of the audit are all of it', async () => {
    const history = await walked('/v1/hosts/db-1/findings?limit=2', 'findings');
    expect(history.entries.map((one) => (one as { sweep: string }).sweep)).toEqual(ids.slice(1));
    expect(history.pages).toEqual([2, 2, 2, 1]);
    const audit = await walked('/v1/audit?limit=3', 'records');
    expect(audit.entries.map((one) => (one as { what: string }).what)).toEqual(
      [6, 5, 4, 3, 2, 1, 0].map((i) => `thing ${i}`),
    );
  });

  it('without a limit have fifty entries', async () => {
    const { rows, nextCursor } = (await (await site.ask(`/v1/sweeps/${big}/ranking`)).json()) as {
      rows: [];
      nextCursor: string;
    };
    expect([rows.length, typeof nextCursor]).toEqual([50, 'string']);
  });
});

describe('a cursor', () => {
  it('is refused by every other list, and when a character of it is changed', async () => {
    const answer = await site.ask(`/v1/sweeps/${big}/ranking?limit=5`);
    const { nextCursor: cursor } = (await answer.json()) as { nextCursor: string };
    const elsewhere = [
      `/v1/sweeps?cursor=${cursor}`,
      `/v1/audit?cursor=${cursor}`,
      `/v1/hosts/db-1/findings?cursor=${cursor}`,
      `/v1/sweeps/${ids[1]}/ranking?cursor=${cursor}`,
      `/v1/sweeps/${big}/ranking?verdict=hung&cursor=${cursor}`,
      `/v1/sweeps/${big}/ranking?cursor=`,
      ...[0, 9, 30, cursor.length - 1].map((at) => {
        const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
        return `/v1/sweeps/${big}/ranking?limit=5&cursor=${changed}`;
      }),
    ];
    for (const url of elsewhere) {
      const refusal = await site.ask(url);
      expect(refusal.status, url).toBe(400);
      expect(((await refusal.json()) as { type: string }).type).toBe('urn:whodisk:problem:bad-cursor');
    }
  });

  it.each(['', 'x', '\u0000', '#', 'z'.repeat(3000), '漢字', '01JDF3W5Q00000000000000000'])(
    'that was forged with care does no harm: %j',
    async (place) => {
      const lists: [string, string[]][] = [
        ['/v1/sweeps?', ['sweeps']],
        ['/v1/audit?', ['audit']],
        ['/v1/hosts/db-1/findings?', ['history', 'db-1']],
        [`/v1/sweeps/${big}/ranking?`, ['ranking', big, '']],
      ];
      for (const [path, list] of lists) {
        const { status } = await site.ask(`${path}cursor=${cursorAt(list, place)}`);
        expect([200, 400], `${path} ${status}`).toContain(status);
      }
    },
  );

  it('gives its place back to the list that it is of', () => {
    for (const place of ['01JDF3W5Q00000000000000000', '', 'ä#漢']) {
      expect(placeOf(['a', 'b'], cursorAt(['a', 'b'], place))).toBe(place);
      expect(placeOf(['ab'], cursorAt(['a', 'b'], place))).toBeUndefined();
    }
  });
});
