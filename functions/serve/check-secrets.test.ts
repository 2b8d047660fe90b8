import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Destination } from '../config/service-config.ts';
import { checkSecrets } from './check-secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('each secret that cannot be read is named by its setting, those that can be are not, and none is shown', async () => {
  const good = join(folder, 'good');
  writeFileSync(good, 'hunter2\n', { mode: 0o600 });
  const warned: unknown[] = [];
  const tell = new Map<string, Destination>([
    ['ops', { kind: 'slack', webhook: { file: join(folder, 'absent') } }],
    ['tickets', { kind: 'url', url: 'https://tickets.example.com/', secret: { env: 'TICKETS_SECRET' } }],
    ['here', { kind: 'url', url: 'http://127.0.0.1:9000/', secret: { file: good } }],
  ]);
  const slack = { signingSecret: { env: 'SIGNING' }, responseOrigins: [], allow: [] };
  await checkSecrets({ slack, tell }, { SIGNING: 'hunter2' }, { warn: (_, fields) => warned.push(fields) });
  expect(warned).toEqual(
    expect.arrayContaining([
      { setting: 'tell.ops', detail: expect.stringContaining(join(folder, 'absent')) },
      { setting: 'tell.tickets', detail: expect.stringContaining('TICKETS_SECRET is not set') },
    ]),
  );
  expect(warned).toHaveLength(2);
  expect(JSON.stringify(warned)).not.toContain('hunter2');
});
