import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { reportOf, saturatedHost } from '../../test/findings.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const NAMES = [
  'a/b',
  '/',
  'a%2Fb',
  '%',
  '%25',
  '%zz',
  'a?b',
  'a#b',
  '__proto__',
  'constructor',
  'db 7',
  'ä',
  '漢字',
  '👩‍👩‍👧',
  'a+b',
  'x;y',
  'findings',
  ':host',
  '*',
  '[::1]:22',
  'root@db-1',
  '"',
  '<script>',
  'a\\b',
  'a.b',
  '...',
  'x'.repeat(253),
];

let site: ApiSite;
beforeAll(async () => {
  site = await apiSite();
});
afterAll(() => site?.end());

async function roundTrip(names: readonly string[]): Promise<void> {
  const report = reportOf(
    names.map((name) => saturatedHost(name)),
    { id: nextSweepId() },
  );
  must(await site.store.finishSweep(report));
  for (const name of names) {
    const encoded = encodeURIComponent(name);
    const finding = await site.ask(`/v1/sweeps/${report.sweep.id}/hosts/${encoded}`);
    expect([finding.status, ((await finding.json()) as { host: string }).host]).toEqual([200, name]);
    const history = await site.ask(`/v1/hosts/${encoded}/findings?limit=1`);
    const { host, findings } = (await history.json()) as { host: string; findings: { host: string; sweep: string }[] };
    expect([host, findings[0]?.host, findings[0]?.sweep]).toEqual([name, name, report.sweep.id]);
  }
}

it('a host has its finding and its history under its name, whatever is in it', () => roundTrip(NAMES));

it('so have hosts with names of any characters', async () => {
  // "." and ".." are no part of an address, whatever is done to them (https://url.spec.whatwg.org/#double-dot-path-segment).
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => text !== '.' && text !== '..');
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => roundTrip(names)),
    { numRuns: 40 },
  );
});
