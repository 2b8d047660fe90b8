import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeCommand } from './complete-command.ts';
import type { Shell } from './shells.ts';
import type { Surroundings } from './surroundings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-complete-'));
  writeFileSync(join(folder, 'whodisk.yml'), "hosts: {db-1: {}, 'a b': {address: h}}\ngroups: {dbs: [db-1]}\n", {
    mode: 0o600,
  });
  writeFileSync(join(folder, 'hosts.ini'), '[caches]\nmemo-1\n');
  writeFileSync(join(folder, 'broken.yml'), 'hosts: [\n', { mode: 0o600 });
  writeFileSync(join(folder, 'large.ini'), 'memo-2\n'.repeat(400_000));
  writeFileSync(join(folder, 'large.yml'), 'inventories: [large.ini]\nhosts: {db-1: {}}\n', { mode: 0o600 });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function asked(shell: Shell, ...words: string[]) {
  const texts = { out: '', err: '' };
  const keep = (name: 'out' | 'err'): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  const streams = { stdout: keep('out'), stderr: keep('err') };
  const surroundings: Surroundings = {
    hostName: 'here',
    user: 'ann',
    homeDirectory: folder,
    workingDirectory: folder,
    env: {},
    stateFolder: join(folder, 'state'),
    columns: 80,
    colour: false,
    forcedColour: false,
    isDumbTerminal: false,
  };
  const status = await completeCommand({ kind: 'complete', shell, words }, surroundings, streams);
  await new Promise(setImmediate);
  return { status, lines: texts.out.split('\n').slice(0, -1), err: texts.err };
}

describe('what a completion script is answered', () => {
  it('is what may stand there, then the names of whodisk.yml', async () => {
    expect(await asked('zsh', 'sweep', '')).toEqual({
      status: 0,
      lines: ['words', '@all', '@dbs', 'db-1', 'a b'],
      err: '',
    });
  });

  it('says to zsh and fish what an option is for, and not to bash', async () => {
    expect((await asked('fish', '--ndj')).lines).toEqual([
      'words',
      '--ndjson\ta JSON line for each host as it finishes',
    ]);
    expect((await asked('bash', 'whodisk --ndj', '--ndj')).lines).toEqual(['words', '--ndjson']);
  });

  it('is quoted for bash, and only what readline replaces', async () => {
    expect((await asked('bash', 'whodisk sweep a', 'a')).lines).toEqual(['words', 'a\\ b']);
    expect((await asked('bash', "whodisk sweep 'a", 'a')).lines).toEqual(['words', 'a b']);
    expect((await asked('bash', 'whodisk root@d', '@d')).lines).toEqual(['words', '@db-1']);
  });

  it('has the hosts of -i, from home too', async () => {
    expect((await asked('zsh', '-i', 'hosts.ini', '@c')).lines).toEqual(['words', '@caches']);
    expect((await asked('zsh', '-i', '~/hosts.ini', 'mem')).lines).toEqual(['words', 'memo-1']);
  });

  it.each([
    ['is broken', ['-c', 'broken.yml']],
    ['is missing', ['-c', 'missing.yml']],
    ['is a pipe that nobody writes', ['-c', 'pipe']],
    ['is an inventory that is missing', ['-c', 'broken.yml', '-i', 'missing']],
    ['is an inventory in a pipe', ['-c', 'broken.yml', '-i', 'pipe']],
    ['is stdin', ['-c', 'broken.yml', '-i', '-']],
    ['is longer than anybody waits for', ['-c', 'broken.yml', '-i', 'large.ini']],
    ['names one that is longer than that', ['-c', 'large.yml']],
  ])('is nothing but what needs no file, without a word, where the file %s', async (_, words) => {
    expect(await asked('zsh', ...words, 'sweep', '')).toEqual({ status: 0, lines: ['words', '@all'], err: '' });
  });
});
