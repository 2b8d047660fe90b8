import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TELL_CONFIG, type TellSite, tellSite } from '../../test/serve/tell-site.ts';
import type { Started, SweepRequest } from '../sweep/service.ts';
import { type Schedules, startSchedules } from './start-schedules.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 90_000 });

let site: TellSite;
let schedules: Schedules | undefined;
let asked: SweepRequest[];
let finish: (() => void)[];
beforeEach(async () => {
  site = await tellSite();
  asked = [];
  finish = [];
});
afterEach(async () => {
  for (const each of finish) each();
  await schedules?.stop();
  await site.end();
});

const service = {
  start: (request: SweepRequest) =>
    new Promise<Started>((resolve) => {
      asked.push(request);
      finish.push(() => resolve({ kind: 'stopped', message: 'No more of this.' }));
    }),
  cancel: async () => 'ended' as const,
};
const start = async (): Promise<Schedules> => {
  schedules = await startSchedules({ ...site.deps, service });
  return schedules;
};
const hoursUntil = (atMs: number | undefined): number => ((atMs ?? 0) - Date.now()) / 3_600_000;
const inZone = (timeZone: string, atMs: number | undefined): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(atMs);

describe('the clock of the schedules', () => {
  test('runs in the time zone of each, UTC by default', async () => {
    site.writeConfig(
      `${TELL_CONFIG.replace('  nightly:', '  berlin: {cron: 30 6 * * *, timeZone: Europe/Berlin, targets: [db-1], tell: []}\n  nightly:')}`,
    );
    const [berlin, nightly] = (await start()).nextRuns();
    expect([berlin?.name, inZone('Europe/Berlin', berlin?.atMs)]).toEqual(['berlin', '06:30']);
    expect([nightly?.name, inZone('UTC', nightly?.atMs)]).toEqual(['nightly', '03:00']);
    expect(hoursUntil(nightly?.atMs)).toBeLessThanOrEqual(24);
  });

  test('takes both days of the month and days of the week, as crontab(5) does', async () => {
    // The 1st, and every Monday.
    site.writeConfig(TELL_CONFIG.replace('0 3 * * *', '0 3 1 * 1'));
    const [next] = (await start()).nextRuns();
    expect(hoursUntil(next?.atMs)).toBeLessThanOrEqual(7 * 24);
  });

  test('follows whodisk.yml, and keeps what it had while that cannot be read', async () => {
    const { reload, nextRuns } = await start();
    site.writeConfig('port: lots\n');
    await reload();
    expect(nextRuns()).toHaveLength(1);
    site.writeConfig(TELL_CONFIG.replace('0 3 * * *', '15 4 * * *').replace('nightly:', 'early:'));
    await reload();
    expect(nextRuns().map(({ name, atMs }) => [name, inZone('UTC', atMs)])).toEqual([['early', '04:15']]);
    site.writeConfig('hosts: {a: }\n');
    await reload();
    expect(nextRuns()).toEqual([]);
  });

  test('begins with what can be read later where whodisk.yml is broken at first', async () => {
    site.writeConfig('port: lots\n');
    const { reload, nextRuns } = await start();
    expect(nextRuns()).toEqual([]);
    site.writeConfig(TELL_CONFIG);
    await reload();
    expect(nextRuns()).toHaveLength(1);
  });
});
