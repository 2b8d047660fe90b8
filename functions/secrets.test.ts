import { chmodSync, chownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../test/needs.ts';
import { readSecret } from './secrets.ts';

const asRoot = needs('root');

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'whodisk-secret-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function secretFile(text: string | Uint8Array, mode = 0o600): string {
  const file = path.join(root, 'secret');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('a secret', () => {
  test('comes from the environment or a file, without the newline at its end', async () => {
    expect(await readSecret({ env: 'A' }, { A: 's3cret' })).toEqual({ secret: 's3cret' });
    expect(await readSecret({ env: 'A' }, { A: 's3cret\n' })).toEqual({ secret: 's3cret' });
    expect(await readSecret({ file: secretFile('s3cret\r\n') }, {})).toEqual({ secret: 's3cret' });
    // As systemd gives it to a service (LoadCredential=).
    expect(await readSecret({ file: secretFile(' s3 cret \n', 0o400) }, {})).toEqual({ secret: ' s3 cret ' });
    symlinkSync(secretFile('linked'), path.join(root, 'link'));
    expect(await readSecret({ file: path.join(root, 'link') }, {})).toEqual({ secret: 'linked' });
  });

  test('that is not there is told by where it should be', async () => {
    expect(await readSecret({ env: 'SLACK' }, {})).toEqual({
      problem: 'The environment variable SLACK is not set: set it for the service.',
    });
    expect(await readSecret({ env: 'SLACK' }, { SLACK: ' \n' })).toEqual({
      problem: expect.stringContaining('is empty'),
    });
    const file = path.join(root, 'none');
    expect(await readSecret({ file }, {})).toEqual({
      problem: `The file ${file} cannot be read: there is no such file.`,
    });
    expect(await readSecret({ file: root }, {})).toEqual({ problem: expect.stringContaining('is a folder') });
  });

  test.each([0o644, 0o604, 0o602])('that others may read or write is none (mode %o)', async (mode) => {
    const read = await readSecret({ file: secretFile('hunter2', mode) }, {});
    expect(read).toEqual({ problem: expect.stringContaining('chmod 600') });
  });

  test.skipIf(asRoot.skip)('of another user or for a group is none', async () => {
    const file = secretFile('hunter2', 0o640);
    chownSync(file, 0, 12_345);
    expect(await readSecret({ file }, {})).toEqual({ problem: expect.stringContaining('group 12345 may read it') });
    chownSync(file, 12_345, 0);
    expect(await readSecret({ file }, {})).toEqual({ problem: expect.stringContaining('another user') });
  });

  test('is one line of text and small, and is never told', async () => {
    for (const held of ['hunter2\nhunter3\n', 'hunter2\0', `hunter2${'x'.repeat(20_000)}`, Uint8Array.of(0x68, 0xff)]) {
      const read = await readSecret({ file: secretFile(held) }, {});
      expect(read).toHaveProperty('problem');
      expect(JSON.stringify(read)).not.toContain('hunter');
    }
    expect(JSON.stringify(await readSecret({ env: 'A' }, { A: 'hunter2\nx' }))).not.toContain('hunter');
  });
});
