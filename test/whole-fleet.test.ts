/** A fleet that whodisk.yml describes, swept by the real command line and looked at afterwards, as a person does on a bad night. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { diffSchema } from '../runner/triage/diff.ts';
import { whole } from './faults/answering-host.ts';
import { makeKeyPair } from './faults/key-pair.ts';
import { type SshServer, startSshServer } from './faults/ssh-server.ts';
import { hostOf, reportOf, runWhodisk, type Said } from './real/whodisk-command.ts';

/** No process writes, and the disk has next to nothing to do. */
const QUIET = {
  ticks: 'T 1001.00\nsda 0 0 0 1 8 1 0 1 1\n',
  'ticks 2': 'T 1003.00\nsda 0 0 0 1 8 1 0 1 1\n',
  'file b /proc/diskstats': '   8 0 sda 100 0 800 50 1002 0 80016 9002 0 40002 50002\n',
  'procs 1000.05 1005.05': '',
  'suspect 100 10000': 'samples 20\n',
};

describe('a fleet of whodisk.yml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-fleet-'));
  const state = join(folder, 'state');
  const servers: SshServer[] = [];
  let jump: SshServer;
  const whodisk = (...words: string[]): Promise<Said> => runWhodisk([...words, '--state', state], { cwd: folder });
  const sweep = (...words: string[]): Promise<Said> => whodisk(...words, '-w', '1', '--deadline', '6');
  const config = (more: string): void => {
    const port = (index: number): string => `{ address: 127.0.0.1, port: ${servers[index]?.port} }`;
    writeFileSync(
      join(folder, 'whodisk.yml'),
      `user: root
identityFiles: [id]
hosts:
  db-1: ${port(0)}
  db-2: ${port(1)}
  db-3: ${port(2)}
  web-1: ${port(3)}
groups:
  db: ['db-[1-3]']
  everything: ['@db', web-1]
${more}`,
    );
  };

  beforeAll(async () => {
    for (const changes of [{}, {}, QUIET, QUIET]) servers.push(await startSshServer({ onExec: whole(changes) }));
    jump = await startSshServer({ onForward: () => 'open' });
    const lines = [...servers, jump].map(({ knownHosts }) => `${knownHosts}\n`).join('');
    writeFileSync(join(folder, 'known_hosts'), lines);
    writeFileSync(join(folder, 'id'), makeKeyPair().private);
    chmodSync(join(folder, 'id'), 0o600);
  });

  afterAll(async () => {
    await Promise.all([...servers, jump].map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => config(''));

  const known = ['--known-hosts', join(folder, 'known_hosts')];
  let first: Said;
  let second: Said;

  test('is swept by the name of a group, each host once, and ranked', async () => {
    first = await sweep('@db', 'db-1', '@everything', ...known, '--json');
    const report = reportOf(first);
    expect(first.stderr).toBe('');
    expect(report.hosts.map(({ host }) => host)).toEqual(['db-1', 'db-2', 'db-3', 'web-1']);
    expect(hostOf(report, 'db-1')).toMatchObject({ verdict: 'saturated', address: '127.0.0.1' });
    expect(report.sweep.asked).toEqual(['@db', 'db-1', '@everything']);
    expect(report.sweep.counts).toEqual({ saturated: 2, healthy: 2 });
    expect(report.patterns).toMatchObject([{ hosts: ['db-1', 'db-2'] }]);
  });

  test('shows the culprit that hosts share above the table, healthy hosts and failures in a line each', async () => {
    await servers[2]?.stop();
    const shown = await sweep('@everything', ...known, '--plain');
    expect(shown.stdout).toContain('shared: logtest.py, buffered-write, /var/log/app.log on 2 hosts: db-1, db-2');
    expect(shown.stdout).toContain('db-3: not-swept');
    servers[2] = await startSshServer({ onExec: whole() });
    const lines = servers.map(({ knownHosts }) => `${knownHosts}\n`).join('');
    writeFileSync(join(folder, 'known_hosts'), `${lines}${jump.knownHosts}\n`);
  });

  test('is remembered: explain tells the chain of the newest finding', async () => {
    const explained = await whodisk('explain', 'db-1', '--json');
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    const { sweep: seen, host } = JSON.parse(explained.stdout);
    expect(seen.asked).toEqual(['@everything']);
    expect(host).toMatchObject({ host: 'db-1', verdict: 'saturated' });
    const plain = await whodisk('explain', 'db-1');
    for (const step of ['cpu:', 'disk:', 'process:', 'file:', 'verdict:']) expect(plain.stdout).toContain(`\n${step}`);
    expect(plain.stdout).toContain('/proc/diskstats');
  });

  test('says what is new since the same targets were asked for before', async () => {
    second = await sweep('@db', 'db-1', '@everything', ...known, '--json');
    expect(hostOf(reportOf(second), 'db-3').verdict).toBe('saturated');
    const said = await whodisk('diff', '--json');
    expect(said.stderr).toBe('');
    const { from, to, ...rest } = JSON.parse(said.stdout);
    expect([from.id, to.id]).toEqual([reportOf(first).sweep.id, reportOf(second).sweep.id]);
    const diff = diffSchema.parse(rest);
    expect(diff.new.map(({ host }) => host)).toEqual(['db-3']);
    expect([diff.worse, diff.better, diff.gone]).toEqual([[], [], []]);
    expect(diff.unchanged).toBe(3);

    const backwards = await whodisk('diff', to.id, from.id.slice(-8).toLowerCase(), '--json');
    expect(JSON.parse(backwards.stdout).gone.map(({ host }: { host: string }) => host)).toEqual(['db-3']);
  });

  test('has a history, of its sweeps and of each host', async () => {
    const { sweeps } = JSON.parse((await whodisk('history', '--json')).stdout);
    expect(sweeps).toHaveLength(3);
    expect(sweeps[0]).toEqual(reportOf(second).sweep);
    const { findings } = JSON.parse((await whodisk('history', 'db-3', '--json')).stdout);
    expect(findings.map(({ verdict, status }: { verdict: string; status: string }) => [status, verdict])).toEqual([
      ['swept', 'saturated'],
      ['not-swept', 'inconclusive'],
      ['swept', 'healthy'],
    ]);
    expect(statSync(state).mode & 0o777).toBe(0o700);
  });

  test('names a host that is not known, and the one that was probably meant', async () => {
    const missing = await whodisk('explain', 'db-11');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain("nothing is stored of 'db-11'. Did you mean 'db-1'?");
    const begun = await whodisk('explain', 'db');
    expect(begun.stderr).toMatch(/nothing is stored of 'db'\. The newest sweeps saw db-\d, db-\d, db-\d\.$/mu);
    const group = await sweep('@dbs');
    expect(group).toMatchObject({ code: 2, stdout: '' });
    expect(group.stderr).toContain('Did you mean @db?');
    const none = await whodisk('diff', 'ZZZZ');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no sweep 'ZZZZ'") });
  });

  test('is reached through a jump host, over one connection to it', async () => {
    config(`jump: 'root@127.0.0.1:${jump.port}'\n`);
    const before = jump.connections();
    const report = reportOf(await sweep('@everything', ...known, '--json'));
    expect(report.hosts.map(({ status, summary }) => (status === 'swept' ? status : summary))).toEqual(
      Array(4).fill('swept'),
    );
    expect(jump.connections() - before).toBe(1);
  });

  test('is reached through a jump host that it describes itself, which is let in by its own pins alone', async () => {
    const sweepBy = async (hostKey: string) => {
      config('jump: bastion\n');
      const file = join(folder, 'whodisk.yml');
      const bastion = `{ address: 127.0.0.1, port: ${jump.port}, user: root, hostKeys: ['${hostKey}'] }`;
      writeFileSync(file, readFileSync(file, 'utf8').replace('\nhosts:\n', `\nhosts:\n  bastion: ${bastion}\n`));
      return hostOf(reportOf(await sweep('db-1', ...known, '--json')), 'db-1');
    };
    const keyOf = ({ knownHosts }: SshServer) => knownHosts.split(' ').slice(1).join(' ');
    expect(await sweepBy(keyOf(jump))).toMatchObject({ status: 'swept' });
    const refused = await sweepBy(keyOf(servers[0] ?? jump));
    expect(refused.failure).toMatchObject({ phase: 'hostkey', kind: 'jump-failed' });
    expect(refused.failure?.message).toContain('pinned in the inventory');
  });

  test('takes new host keys only where it is asked to, and then never another', async () => {
    const strict = reportOf(await sweep('db-1', '--json'));
    expect(hostOf(strict, 'db-1').failure?.kind).toBe('hostkey-unknown');
    const accepting = reportOf(await sweep('db-1', '--host-keys', 'accept-new', '--json'));
    expect(hostOf(accepting, 'db-1').status).toBe('swept');
    const pinned = reportOf(await sweep('db-1', '--json'));
    expect(hostOf(pinned, 'db-1').status).toBe('swept');

    const named = reportOf(await sweep('db-1', '--known-hosts', '/dev/null', '--json'));
    expect(hostOf(named, 'db-1').failure?.kind).toBe('hostkey-unknown');
    chmodSync(state, 0o755);
    const exposed = await sweep('db-1', '--json', '--store', 'none');
    chmodSync(state, 0o700);
    expect(hostOf(reportOf(exposed), 'db-1').failure?.kind).toBe('hostkey-unknown');
    expect(exposed.stderr).toMatch(/host keys that were pinned do not count: .*open to others/);
    const pins = join(state, 'known_hosts');
    expect(statSync(pins).mode & 0o777).toBe(0o600);
    const otherKey = servers[1]?.knownHosts.split(' ').at(-1) ?? '';
    writeFileSync(pins, readFileSync(pins, 'utf8').replace(/\S+\n$/, `${otherKey}\n`));
    const changed = reportOf(await sweep('db-1', '--host-keys', 'accept-new', '--json'));
    expect(hostOf(changed, 'db-1').failure?.kind).toBe('hostkey-changed');
  }, 30_000);

  test('names what is wrong in its file by line and column, and dials nobody', async () => {
    config('  broken: [db-[1-3]\nwindowSecond: 3\n');
    const syntax = await sweep('@db', ...known);
    expect(syntax).toMatchObject({ code: 2, stdout: '' });
    expect(syntax.stderr).toMatch(/whodisk\.yml:\d+:\d+: /);
    config('windowSecond: 3\n');
    const unknown = await sweep('@db', ...known);
    expect(unknown.stderr).toMatch(/whodisk\.yml:11:1: .*windowSecond.*windowSeconds/);
    config('enabled: false\n');
    const stopped = await sweep('@db', ...known);
    expect(stopped).toMatchObject({ code: 2, stdout: '' });
    expect(stopped.stderr).toContain('Every sweep is stopped: enabled is false in whodisk.yml line 11');
  });

  test('keeps results on the screen when the store fails, and says so with exit 1', async () => {
    chmodSync(state, 0o755);
    const said = await sweep('db-2', ...known, '--json');
    chmodSync(state, 0o700);
    expect(hostOf(reportOf(said), 'db-2').verdict).toBe('saturated');
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/the results are not stored: .*open to others[\s\S]*chmod 700/);
    const unkept = await sweep('db-2', ...known, '--json', '--store', 'none');
    expect(unkept).toMatchObject({ code: 0, stderr: '' });
  });

  test('takes an inventory from stdin', async () => {
    const [a, b] = servers;
    const input = `[shop]\nleft ansible_host=127.0.0.1 ansible_port=${a?.port}\nright ansible_host=127.0.0.1 ansible_port=${b?.port}\n`;
    const options = [...known, '--identity', join(folder, 'id'), '-l', 'root', '-w', '1', '--deadline', '6', '--json'];
    const said = await runWhodisk(['-i', '-', '@shop', ...options, '--store', 'none'], { input });
    expect(reportOf(said).hosts.map(({ host }) => host)).toEqual(['left', 'right']);
    const wrong = await runWhodisk(['-i', '-', ...options, '--store', 'none'], { input: '[shop\n' });
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('<stdin>:1: ') });
  });
});
