/** The command line with a whodisk.yml that asks EC2: whodisk itself, as a process, since it must also end. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Ec2Endpoint, startEc2 } from '../../test/cloud/ec2-endpoint.ts';
import { LOCAL_AWS } from '../../test/cloud/local-aws.ts';

vi.setConfig({ testTimeout: 60_000 });

const COMMAND = fileURLToPath(new URL('../../bin/whodisk.js', import.meta.url));

let folder = '';
let ec2: Ec2Endpoint;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-ec2-'));
  ec2 = await startEc2([
    { id: 'i-0000000a', tags: { Role: 'db' }, privateIp: '169.254.169.254' },
    { id: 'i-0000000b', tags: { Role: 'db' }, privateIp: '127.0.0.1' },
    { id: 'i-0000000c', tags: { Role: 'web' }, privateIp: '127.0.0.1' },
  ]);
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await ec2.stop();
});

function run(...words: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], HOME: folder, ...LOCAL_AWS, AWS_ENDPOINT_URL_EC2: ec2.url };
  const child = spawn(process.execPath, [COMMAND, ...words], { cwd: folder, env });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })));
}

describe('a whodisk.yml with ec2', () => {
  test('has its instances as hosts, by their ids; none is dialled where that leads to this machine', async () => {
    writeFileSync(path.join(folder, 'whodisk.yml'), 'ec2: [{tags: {Role: db}, group: db}]\n');
    const { status, out, err } = await run('@db', '--json', '--store', 'none');
    expect({ status, err }).toEqual({ status: 4, err: expect.not.stringContaining('Warning') });
    const { hosts } = JSON.parse(out) as { hosts: { host: string; failure: { kind: string; message: string } }[] };
    expect(hosts.map(({ host }) => host).sort()).toEqual(['i-0000000a', 'i-0000000b']);
    for (const { failure } of hosts) {
      expect(failure).toMatchObject({ kind: 'unsupported-setting', message: expect.stringContaining('this machine') });
    }
  });

  test('says what is missing where EC2 refuses, and dials nobody', async () => {
    writeFileSync(path.join(folder, 'whodisk.yml'), 'ec2:\n  - tags: {Role: db}\n');
    ec2.fault = () => ({ status: 403, code: 'UnauthorizedOperation', message: 'You are not authorized.' });
    const { status, out, err } = await run('@all', '--store', 'none');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/whodisk\.yml:2:5: ec2\[0\]: EC2 refuses .*ec2:DescribeInstances/);
  });

  test('does not ask EC2 for what is only looked at', async () => {
    writeFileSync(path.join(folder, 'whodisk.yml'), 'ec2: [{tags: {Role: db}, group: db}]\n');
    ec2.fault = () => ({ status: 403, code: 'UnauthorizedOperation', message: 'You are not authorized.' });
    expect(await run('history')).toMatchObject({ status: 2, err: expect.stringContaining('nothing is stored') });
    expect(ec2.asked).toEqual([]);
  });
});
