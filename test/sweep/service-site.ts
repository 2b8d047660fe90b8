/** The life of sweeps on real parts: an embedded store, hosts that are answered for by an SSH server of this process, and the queue of one machine. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerChannel } from 'ssh2';
import { createLocalQueue, type LocalQueue } from '../../functions/serve/queue.ts';
import type { SweepDetail } from '../../functions/store/store.ts';
import { createSweepService } from '../../functions/sweep/create-service.ts';
import { deadLetterHandler } from '../../functions/sweep/dead-letter.ts';
import type { SweepDeps } from '../../functions/sweep/deps.ts';
import { messageHandler } from '../../functions/sweep/handle-message.ts';
import type { Limits } from '../../functions/sweep/limits.ts';
import type { Message } from '../../functions/sweep/messages.ts';
import type { Started, SweepRequest, SweepService } from '../../functions/sweep/service.ts';
import { sqsHandler } from '../../functions/sweep/sqs-event.ts';
import type { Sweep } from '../../runner/report.ts';
import { configIn } from '../config-in.ts';
import { whole } from '../faults/answering-host.ts';
import { loopbackFleet } from '../faults/loopback-fleet.ts';
import { startSshServer } from '../faults/ssh-server.ts';
import { logTo } from '../log-to.ts';
import { must, type StoreSite, storeSite } from '../store/embedded.ts';

export interface ServiceSite {
  readonly deps: SweepDeps;
  readonly service: SweepService;
  readonly stores: StoreSite;
  /** Sweeps that were told, in order. */
  readonly told: readonly Sweep[];
  /** Lines of the log, level first. */
  readonly logged: readonly string[];
  /** Messages that were sent, in order. */
  readonly sent: readonly Message[];
  /** How many times a host was visited, and how many at the same time at most. */
  readonly visits: () => { readonly begun: number; readonly underWay: number; readonly mostAtATime: number };
  /** Writes whodisk.yml again. */
  writeConfig(text: string): void;
  readonly configText: string;
  /** Delivers what is sent, as a service does. */
  run(): LocalQueue;
  start(request?: Partial<SweepRequest>): Promise<Started>;
  /** Starts it and answers its id; throws where it is not started. */
  begun(request?: Partial<SweepRequest>): Promise<string>;
  /** Once it has ended. */
  ended(sweepId: string, limitMs?: number): Promise<SweepDetail>;
  end(): Promise<void>;
}

export interface ServiceSiteOptions {
  /** Default 3: host-1 and so on, each at an address of its own; group @fleet has them all. */
  readonly hosts?: number;
  /** In which a host answers; default at once. May wait as long as it likes. */
  readonly answer?: (channel: ServerChannel, command: string, answer: () => void) => void;
  /** More lines of whodisk.yml. */
  readonly more?: string;
  readonly deps?: (deps: SweepDeps) => SweepDeps;
  /** Of the service and its store. */
  readonly nowMs?: () => number;
}

/** Never ends anything. */
export const endless = (): Limits => ({
  stopBeginning: new AbortController().signal,
  giveUp: new AbortController().signal,
});

export async function serviceSite(options: ServiceSiteOptions = {}): Promise<ServiceSite> {
  const { hosts = 3, answer = (_channel, _command, now) => now(), more = '', nowMs = Date.now } = options;
  const visits = { begun: 0, underWay: 0, mostAtATime: 0 };
  const answering = whole();
  const server = await startSshServer({
    isEveryLoopback: true,
    onExec: (channel, command) => {
      visits.begun += 1;
      visits.underWay += 1;
      visits.mostAtATime = Math.max(visits.mostAtATime, visits.underWay);
      let isOver = false;
      const over = (): void => {
        if (!isOver) visits.underWay -= 1;
        isOver = true;
      };
      channel.on('close', over);
      // Script and answer need each other: it is listened to from the start, and answered to when it is time.
      const held: Buffer[] = [];
      let isOpen = false;
      const write = channel.write.bind(channel) as (chunk: string) => boolean;
      channel.write = ((chunk: string) => {
        if (isOpen) return write(chunk);
        held.push(Buffer.from(chunk));
        return true;
      }) as typeof channel.write;
      answering(channel, command);
      answer(channel, command, () => {
        isOpen = true;
        for (const chunk of held) write(chunk.toString());
      });
    },
  });
  const { folder, configText } = loopbackFleet({
    server,
    hosts,
    more: ['windowSeconds: 1', 'deadlineSeconds: 4', more].join('\n'),
  });
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
  const writeConfig = (text: string): void => writeFileSync(join(folder, 'whodisk.yml'), text);

  const stores = storeSite();
  const store = await stores.open({ nowMs });
  const told: Sweep[] = [];
  const logged: string[] = [];
  const sent: Message[] = [];
  const log = logTo(logged);
  const queue = createLocalQueue({ log, backOffMs: () => 20 });
  const plain: SweepDeps = {
    store,
    queue: {
      send: async (messages) => {
        sent.push(...messages);
        await queue.send(messages);
      },
    },
    config: () => configIn(folder),
    local: { homeDirectory: folder, user: 'tester', env: {}, stateFolder: join(folder, 'state') },
    nowMs,
    log,
    tell: async (_, sweep) => {
      told.push(sweep);
      return true;
    },
  };
  const deps = options.deps?.(plain) ?? plain;
  const service = createSweepService(deps);
  const start = (request: Partial<SweepRequest> = {}): Promise<Started> =>
    service.start({
      targets: ['@fleet'],
      trigger: 'api',
      by: { kind: 'api', token: 'ci', id: 'T1' },
      tell: [{ kind: 'destination', name: 'ops', onlyChanges: false, watch: 'saturated' }],
      ...request,
    });
  return {
    deps,
    service,
    stores,
    told,
    logged,
    sent,
    visits: () => visits,
    writeConfig,
    configText,
    run() {
      queue.start({ onEvent: sqsHandler(messageHandler(deps), log), onDeadLetter: deadLetterHandler(deps) });
      return queue;
    },
    start,
    async begun(request) {
      const started = await start(request);
      if (started.kind !== 'started') throw new Error(JSON.stringify(started));
      return started.sweep.id;
    },
    async ended(sweepId, limitMs = 20_000) {
      const endsAt = performance.now() + limitMs;
      for (;;) {
        const detail = must(await store.sweep(sweepId));
        if (detail?.sweep.finishedAt !== undefined && must(await store.job(sweepId)) === undefined) return detail;
        if (performance.now() > endsAt) throw new Error(`${JSON.stringify(detail)}\n${logged.join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async end() {
      await queue.drain(0);
      await stores.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
