/** What the API really answers about a small fleet: the examples of its OpenAPI document. */
import type { AuditRecord } from '../../functions/audit-record.ts';
import { countStandings } from '../../functions/render/standing.ts';
import { ulid } from '../../functions/ulid.ts';
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { reportOf } from '../findings.ts';
import { must } from '../store/embedded.ts';
import { type ApiSite, type Ask, apiSite } from './api-site.ts';
import { recordedHost, refusedHost } from './recorded-hosts.ts';

export interface Example {
  /** The body that was sent. */
  readonly request?: unknown;
  /** By status; text where it is no JSON. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The moment of which the examples are: the store forgets what is older than its retention. */
const NOW_MS = Date.UTC(2026, 10, 28, 9, 30);
const BEFORE = '2026-11-28T08:00:00.000Z';
const LATER = '2026-11-28T09:00:00.000Z';
/** As ids of sweeps are made, with bytes that are not random. */
const idAt = (ms: number): string => ulid(ms, Buffer.from('an example'));
const IDS = { before: idAt(Date.parse(BEFORE)), later: idAt(Date.parse(LATER)), next: idAt(NOW_MS) };

/** By operationId. */
export async function exampleAnswers(): Promise<Record<string, Example>> {
  const nowMs = () => NOW_MS;
  const site = await apiSite({}, { nowMs });
  try {
    await fill(site);
    const sweep = `/v1/sweeps/${IDS.later}`;
    const start = { targets: ['@db', 'web-1'], windowSeconds: 5 };
    // Before there is anything with a random id, which a cursor would hold.
    const audit = await example(site, '/v1/audit?limit=2');
    const started = await example(site, '/v1/sweeps', { json: start, scope: 'run' });
    const { id } = started.answers['202'] as Sweep;
    const examples = {
      getHealth: await example(site, '/healthz', { scope: null }),
      listSweeps: await example(site, '/v1/sweeps?limit=2'),
      getSweep: await example(site, sweep),
      getRanking: await example(site, `${sweep}/ranking?limit=2`),
      getHost: await example(site, `${sweep}/hosts/db-1`),
      getPatterns: await example(site, `${sweep}/patterns`),
      getHistory: await example(site, '/v1/hosts/web-1/findings?limit=1'),
      getDiff: await example(site, '/v1/diff'),
      getAudit: audit,
      getMetrics: await example(site, '/metrics'),
      startSweep: await merged(
        start,
        started,
        await example(site, '/v1/sweeps', { json: { targets: ['db-1', 'bd-2'] } }),
        await example(site, '/v1/sweeps', { json: start, scope: null }),
        await example(site, '/v1/sweeps', { json: start, scope: 'read' }),
      ),
      cancelSweep: await merged(
        undefined,
        await example(site, `/v1/sweeps/${id}`, { method: 'DELETE' }),
        await example(site, sweep, { method: 'DELETE' }),
      ),
    };
    // The only thing that is random.
    return JSON.parse(JSON.stringify(examples).replaceAll(id, IDS.next)) as Record<string, Example>;
  } finally {
    await site.end();
  }
}

async function example(site: ApiSite, path: string, ask: Ask = {}): Promise<Example> {
  const answer = await site.ask(path, ask);
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { answers: { [answer.status]: isJson ? await answer.json() : await answer.text() } };
}

async function merged(request: unknown, ...examples: Example[]): Promise<Example> {
  return {
    ...(request !== undefined && { request }),
    answers: Object.assign({}, ...examples.map(({ answers }) => answers)) as Record<string, unknown>,
  };
}

/** Two sweeps of one fleet: before, one disk was saturated; now it is two, by the same program. */
async function fill({ store }: ApiSite): Promise<void> {
  const refused = await refusedHost('web-1');
  const before = [await recordedHost('db-1'), refused];
  await storeSweep(IDS.before, BEFORE, before);
  await storeSweep(IDS.later, LATER, [...before, await recordedHost('db-2')]);

  async function storeSweep(id: string, startedAt: string, hosts: readonly VisitedHost[]): Promise<void> {
    const by = { kind: 'api' as const, token: 'ci', id: idAt(Date.UTC(2026, 10, 1)) };
    const more: Partial<Sweep> = {
      id,
      trigger: 'api',
      by: 'token ci',
      asked: ['@all'],
      startedAt,
      finishedAt: startedAt.replace('00.000Z', '06.214Z'),
      counts: countStandings(hosts),
    };
    const report = reportOf(hosts, more);
    must(await store.finishSweep(report));
    const { status, swept, notSwept, finishedAt = startedAt } = report.sweep;
    const records: AuditRecord[] = [
      {
        event: 'asked',
        at: startedAt,
        sweepId: id,
        by,
        targets: ['@all'],
        hosts: hosts.map(({ host }) => host),
        hostCount: hosts.length,
        bundleHash: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
      },
      { event: 'ended', at: finishedAt, sweepId: id, status, swept, notSwept },
    ];
    for (const record of records) must(await store.addAudit(record));
  }
}
