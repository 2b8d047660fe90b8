/** Twenty hosts in one sweep of the real command line, five of them hostile or broken in a way of their own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../runner/report.ts';
import { answer, wireOf } from './bundle-answer.ts';
import { answering, whole } from './faults/answering-host.ts';
import { makeKeyPair } from './faults/key-pair.ts';
import { flood, type SshServer, type SshServerOptions, startSshServer } from './faults/ssh-server.ts';
import { hostOf, reportOf, runWhodisk, type Said } from './real/whodisk-command.ts';

const HOSTILE_NAME = '\x1b]0;owned\x07\x1b[31mroot\x9b2J\u202egnp.exe\\n<!channel>';
const OTHER_NONCE = 'f'.repeat(32);
const GOOD = 15;

const BROKEN = {
  frozen: { onReady: (socket) => void socket.pause() },
  flooding: { onExec: (channel) => flood(channel) },
  silent: { onExec: () => {} },
  replaying: {
    onExec: answering((_, channel) => channel.write(`${wireOf(answer(), OTHER_NONCE)}${OTHER_NONCE} end 0 complete\n`)),
  },
  hostile: {
    onExec: whole({
      'procs 1000.05 1005.05': `100 1 10000 p D 12 4194304 1 0 104857600 0 100 0 104857600 0 ${HOSTILE_NAME}\n`,
      'program 100 10000': `${HOSTILE_NAME}\n`,
      users: `1000 ${HOSTILE_NAME}\n`,
    }),
  },
} as const satisfies Record<string, SshServerOptions>;

describe('among twenty hosts', () => {
  const servers = new Map<string, SshServer>();
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-faults-'));
  let said: Said;
  let plain: Said;
  let report: Report;
  let wallMs = 0;
  const targetOf = (name: string): string => `root@127.0.0.1:${servers.get(name)?.port}`;
  const found = (name: string): Report['hosts'][number] => hostOf(report, targetOf(name));

  beforeAll(async () => {
    for (let i = 0; i < GOOD; i++) servers.set(`good ${i}`, await startSshServer({ onExec: whole() }));
    for (const [name, options] of Object.entries(BROKEN)) servers.set(name, await startSshServer(options));
    const identity = join(folder, 'id');
    writeFileSync(identity, makeKeyPair().private);
    chmodSync(identity, 0o600);
    writeFileSync(
      join(folder, 'known_hosts'),
      [...servers.values()].map(({ knownHosts }) => `${knownHosts}\n`).join(''),
    );
    const options = [
      '--identity',
      identity,
      '--known-hosts',
      join(folder, 'known_hosts'),
      '-w',
      '1',
      '--deadline',
      '5',
    ];
    const targets = [...servers.keys()].map(targetOf);
    const started = performance.now();
    said = await runWhodisk([...targets, ...options, '--json']);
    wallMs = performance.now() - started;
    report = reportOf(said);
    plain = await runWhodisk([targetOf('hostile'), ...options]);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('each ends in exactly one state, within its deadline and a second', () => {
    expect(report.hosts).toHaveLength(20);
    for (const { cost } of report.hosts) expect(cost.clientMs).toBeLessThan(6000);
    expect(wallMs).toBeLessThan(15_000);
    expect(said.code).toBe(3);
  });

  test('the others are unharmed', () => {
    for (let i = 0; i < GOOD; i++) {
      expect(found(`good ${i}`)).toMatchObject({
        status: 'swept',
        verdict: 'saturated',
        disks: [{ device: 'sda', culprits: [{ pid: 100, command: 'python' }] }, {}],
      });
    }
  });

  test.each(['frozen', 'silent'])('the %s one is suspected to hang and ranks above the saturated', (name) => {
    const host = found(name);
    expect(host).toMatchObject({ status: 'not-swept', failure: { kind: 'suspected-hung' }, score: 89 });
    expect(host.rank).toBeLessThanOrEqual(2);
  });

  test('the flooding one is cut off at the cap', () => {
    expect(found('flooding')).toMatchObject({ status: 'not-swept', failure: { kind: 'output-cap' } });
  });

  test('an answer under the nonce of another run is refused', () => {
    expect(found('replaying')).toMatchObject({
      status: 'not-swept',
      failure: { phase: 'parse', kind: 'bad-answer' },
      disks: [],
    });
  });

  test('the one whose names are full of escape sequences is judged like the others, its names kept as data', () => {
    const culprit = found('hostile').disks[0]?.culprits[0];
    expect(culprit?.command).toContain('\x1b]0;owned\x07');
    expect(found('hostile').verdict).toBe('saturated');
  });

  test('no raw control byte reaches the output, in any form', () => {
    const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u;
    expect(said.stdout).not.toMatch(raw);
    expect(plain.stdout).not.toMatch(raw);
    expect(plain.stdout).toContain('owned');
    expect(said.stderr + plain.stderr).not.toMatch(raw);
  });
});
