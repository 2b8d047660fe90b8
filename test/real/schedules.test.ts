/** Schedules of `whodisk serve`, waited for: two processes on one store, one message. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { type Receiver, startReceiver } from '../serve/receiver.ts';
import { type RecordedFleet, recordedFleet } from '../serve/recorded-fleet.ts';
import { type ServeProcess, startServe, until } from '../serve/serve-process.ts';

const need = needs('linux');
const SECRET = 's1gning';

describe.skipIf(need.skip)('a schedule of every minute, in two processes on one store', () => {
  let fleet: RecordedFleet;
  let receiver: Receiver;
  const serves: ServeProcess[] = [];

  beforeAll(async () => {
    receiver = await startReceiver();
    fleet = await recordedFleet({
      hosts: 3,
      more: `
tell: { tickets: { url: '${receiver.origin}/tickets', secret: { file: secret } } }
schedules: { minutely: { cron: '* * * * *', targets: ['@fleet'], windowSeconds: 1, tell: [tickets] } }
`,
    });
    writeFileSync(join(fleet.folder, 'secret'), SECRET, { mode: 0o600 });
    for (let n = 0; n < 2; n++) serves.push(await startServe({ folder: fleet.folder }));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(serves.map((serve) => serve.end('SIGTERM')));
    await receiver?.stop();
    await fleet?.remove();
  });

  async function ended(): Promise<{ by: string; trigger: string; status: string }[]> {
    const [serve] = serves;
    if (serve === undefined) throw new Error('no service runs');
    const { sweeps } = (await (await serve.request('/v1/sweeps')).json()) as never as {
      sweeps: Awaited<ReturnType<typeof ended>>;
    };
    return sweeps.filter(({ status }) => status === 'complete');
  }

  test('fires once a minute, tells its trouble once, and nothing where nothing has changed', async () => {
    const sweeps = await until(ended, ({ length }) => length >= 2, 150_000);
    expect(sweeps).toHaveLength(2);
    expect(sweeps[0]).toMatchObject({ trigger: 'schedule', by: 'schedule minutely' });
    const [message, ...others] = receiver.received;
    expect(others).toEqual([]);
    expect(message?.json).toMatchObject({
      type: 'sweep',
      sentence: expect.stringContaining('3 new'),
      couldNotRun: false,
    });
  }, 180_000);
});
