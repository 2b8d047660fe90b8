import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createOtherKnownHosts, readKnownHostsFile } from './known-hosts-files.ts';

describe('a known_hosts file', () => {
  test('that is not there is no problem', async () => {
    expect(await readKnownHostsFile('/nowhere/known_hosts')).toMatchObject({ isMissing: true, problems: [] });
  });

  test('that never ends is given up, and said so', async () => {
    const { file, problems } = await readKnownHostsFile('/dev/zero', { mayBePipe: true });
    expect(file).toBeUndefined();
    expect(problems).toEqual([
      expect.stringMatching(/^\/dev\/zero cannot be read as known_hosts: it is larger than \d+ bytes/),
    ]);
  });

  test('that is a folder is named', async () => {
    const { isMissing, problems } = await readKnownHostsFile('/etc');
    expect(isMissing).toBe(false);
    expect(problems).toEqual([expect.stringContaining('/etc cannot be read as known_hosts')]);
  });

  test('that is a pipe nobody writes to is refused at once, where no person named it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whodisk-known-hosts-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const read = await readKnownHostsFile(pipe);
    const other = await createOtherKnownHosts()([join(folder, 'none'), pipe]);
    rmSync(folder, { recursive: true });
    expect(read.refusal).toBe(`${pipe} is no file but a pipe, a socket or a device, which is not waited for.`);
    expect(other).toMatchObject({ refusal: read.refusal, files: [] });
  });

  test('that is /dev/null knows nobody', async () => {
    expect(await readKnownHostsFile('/dev/null')).toMatchObject({ isMissing: false, problems: [], file: {} });
  });
});
