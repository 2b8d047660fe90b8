/** One round of: sweeps are asked of `whodisk serve`, it is killed with SIGKILL at a random moment, started again, and must end them all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { endedSweep, type ServeProcess, startServe } from './serve-process.ts';

export interface AskedSweep {
  /** Its Idempotency-Key. */
  readonly key: string;
  readonly targets: readonly string[];
  /** Of the sweep, once the service has said 202. */
  readonly id: string;
  /** As the service says it in the end. */
  readonly status: string;
}

export interface KillRound {
  readonly asked: readonly AskedSweep[];
  /** Whether a sweep was still open when it was killed. */
  readonly wasInMidSweep: boolean;
}

/**
 * A client that gets no answer asks again with the same key, as it should.
 *
 * @param targets of the sweeps that are asked for, at the same time
 */
export async function killRound(
  options: { readonly folder: string; readonly name: string; readonly killAfterMs: number },
  targets: readonly (readonly string[])[],
): Promise<KillRound> {
  let serve = await startServe({ folder: options.folder });
  const current = (): ServeProcess => serve;
  const asking = targets.map(async (hosts, index) => {
    const key = `${options.name}-${index}`;
    // Spread over the time before the kill, so that some are just being asked for when it comes.
    await sleep((options.killAfterMs * index) / targets.length);
    const id = await accepted(current, key, hosts);
    return { key, targets: hosts, id };
  });
  await sleep(options.killAfterMs);
  await serve.end('SIGKILL');
  const killedAtMs = Date.now();
  const started = await Promise.all(asking.map((one) => Promise.race([one, sleep(0).then(() => undefined)])));
  serve = await startServe({ folder: options.folder });
  try {
    const asked: AskedSweep[] = [];
    let wasInMidSweep = false;
    for (const one of await Promise.all(asking)) {
      const { status, finishedAt } = await endedSweep(serve, one.id);
      const wasOpen = started.some((early) => early?.id === one.id) && Date.parse(String(finishedAt)) > killedAtMs;
      wasInMidSweep ||= wasOpen;
      asked.push({ ...one, status });
    }
    return { asked, wasInMidSweep };
  } finally {
    await serve.end('SIGTERM');
  }
}

const ASKED_WITHIN_MS = 30_000;

async function accepted(serve: () => ServeProcess, key: string, targets: readonly string[]): Promise<string> {
  const deadline = performance.now() + ASKED_WITHIN_MS;
  let last = '';
  while (performance.now() < deadline) {
    try {
      const answer = await serve().request('/v1/sweeps', {
        body: { targets, windowSeconds: 1 },
        headers: { 'idempotency-key': key },
      });
      const body = (await answer.json()) as { id: string };
      if (answer.status === 202) return body.id;
      last = `HTTP ${answer.status} ${JSON.stringify(body)}`;
    } catch (error) {
      last = String(error);
    }
    await sleep(50);
  }
  throw new Error(`${key} was never accepted: ${last}`);
}
