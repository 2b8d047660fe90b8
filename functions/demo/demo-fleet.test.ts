import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { configIn } from '../../test/config-in.ts';
import { planHosts } from '../sweep/visits/plan-hosts.ts';
import { sshVisits } from '../sweep/visits/ssh-visits.ts';
import { type DemoFleet, LIVE_HOST, startDemoFleet } from './demo-fleet.ts';
import { RECORDED_HOSTS } from './recordings.ts';

const isLinux = process.platform === 'linux';
let parent: string;
let fleet: DemoFleet;
let found: Map<string, VisitedHost>;

async function sweep(): Promise<Map<string, VisitedHost>> {
  const config = await configIn(fleet.folder);
  if ('problem' in config) throw new Error(config.problem);
  const { sshConfig, knownHosts, state } = fleet;
  const wanted = {
    targets: ['@all'],
    inventories: [],
    identities: [],
    sshConfig,
    knownHosts,
    caller: 'local',
  } as const;
  const planned = await planHosts(wanted, config, { homeDirectory: parent, hostName: 'here', user: 'me', env: {} });
  if (planned.kind === 'problems') throw new Error(planned.problems.join());
  const settings = {
    windowSeconds: 1,
    deadlineSeconds: 50,
    forks: 20,
    privilege: 'auto',
    privilegeGiven: false,
    hostKeys: 'strict',
    args: false,
  } as const;
  const visits = await sshVisits(wanted, planned, settings, { homeDirectory: parent, stateFolder: state });
  if (visits.kind === 'problems') throw new Error(visits.problems.join());
  expect(visits.notes).toEqual([]);
  const hosts = new Map<string, VisitedHost>();
  for await (const host of visits.start(new AbortController().signal)) hosts.set(host.host, host);
  visits.end();
  return hosts;
}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'whodisk-demo-test-'));
  fleet = await startDemoFleet({ folder: join(parent, 'demo'), isLinux });
  found = await sweep();
}, 90_000);
afterAll(async () => {
  await fleet?.stop();
  rmSync(parent, { recursive: true, force: true });
});

describe('the fleet of the demo', () => {
  test('is twelve hosts, eleven of them recordings that say so in their names', () => {
    expect(RECORDED_HOSTS).toHaveLength(11);
    for (const { name } of RECORDED_HOSTS) expect(name).toMatch(/^recorded-[a-z]+-\d$/);
    expect([...found.keys()].sort()).toEqual(
      [...RECORDED_HOSTS.map(({ name }) => name), ...(isLinux ? [LIVE_HOST] : [])].sort(),
    );
  });

  test('answers a real sweep whole, and each recording is told from what is so now', () => {
    for (const [name, { status, limits }] of found) {
      expect(status, name).toBe('swept');
      const isRecording = limits.some((limit) => limit.startsWith('a recording, played back'));
      expect(isRecording, name).toBe(name !== LIVE_HOST);
    }
  });

  test.each([
    ['recorded-app-1', 'saturated', 'rotating_logger.py'],
    ['recorded-app-2', 'saturated', 'Pool.java'],
    ['recorded-batch-1', 'saturated', 'paced_writer.py'],
    ['recorded-batch-2', 'saturated', 'memory_hog.py'],
    ['recorded-batch-3', 'saturated', undefined],
    ['recorded-ci-1', 'saturated', 'dd'],
    ['recorded-db-1', 'saturated', 'postgres'],
    ['recorded-db-2', 'saturated', 'fio'],
    ['recorded-db-3', 'saturated', 'fio'],
    ['recorded-nas-1', 'hung', undefined],
    ['recorded-web-1', 'healthy', undefined],
  ])('shows on %s what was recorded: %s, %s', (name, verdict, culprit) => {
    const host = found.get(name);
    expect(host?.verdict).toBe(verdict);
    const [first] = host?.disks.flatMap(({ culprits }) => culprits) ?? [];
    expect(first?.program ?? first?.command).toBe(culprit);
  });

  test.runIf(isLinux)('has this machine in it as it is now, with the rights of whoever runs it and no sudo', () => {
    const privilege = process.getuid?.() === 0 ? 'root' : 'user';
    expect(found.get(LIVE_HOST)).toMatchObject({ privilege, kernel: release() });
  });

  test('keeps all it writes in one folder that is nobody else’s', () => {
    expect(readdirSync(parent)).toHaveLength(1);
    expect(statSync(fleet.folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(fleet.folder)) {
      expect(statSync(join(fleet.folder, name)).mode & 0o077, name).toBe(0);
    }
  });

  test('has no host any more when it ends, and no file beside its folder', async () => {
    await fleet.stop();
    const after = await sweep();
    expect([...after.values()].map(({ failure }) => failure?.kind)).toEqual(Array(after.size).fill('refused'));
    expect(readdirSync(parent)).toEqual(['demo']);
  });
});
