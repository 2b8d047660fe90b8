/** `whodisk demo`: a fleet of local hosts, one sweep of it, and the page on what was found, until a signal ends it and nothing is left. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { type DemoFleet, LIVE_HOST, startDemoFleet } from '../demo/demo-fleet.ts';
import { browserFor, openIn } from '../demo/open-browser.ts';
import type { Log } from '../log.ts';
import { encodeText } from '../render/encode.ts';
import { logLines } from '../serve/log-lines.ts';
import { type Service, startService } from '../serve/serve.ts';
import { ServiceProblem } from '../serve/service-problem.ts';
import type { DemoCommand, SweepCommand } from './commands.ts';
import { FAILED, INTERRUPTED, TERMINATED, USAGE } from './exit-status.ts';
import { readFleet } from './fleet.ts';
import { print } from './print.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { sweepCommand } from './sweep-command.ts';
import { untilAborted } from './until-aborted.ts';

/** Resolves to the exit status: 130 after SIGINT, 0 after SIGTERM or SIGHUP, 1 where it cannot be shown. */
export async function demoCommand(
  command: DemoCommand,
  version: string,
  surroundings: Surroundings,
  streams: Streams,
): Promise<number> {
  const fleet = await startDemoFleet({ parent: tmpdir(), isLinux: streams.platform === 'linux' }).catch(
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  if (fleet instanceof Error) {
    await sayTo(streams)(`the demo does not start: ${fleet.message}`);
    return FAILED;
  }
  const signals = listenToSignals(streams, fleet);
  let service: Service | undefined;
  try {
    const { agentSocket: _, ...around } = surroundings;
    const started = await startService(serviceOptions(fleet, version, around, streams));
    if (started instanceof ServiceProblem) {
      await sayTo(streams)(`the demo does not start: ${started.message}\n${started.mend}`);
      return FAILED;
    }
    service = started;
    return await show(command, fleet, started, around, streams, signals);
  } finally {
    // Hosts that answer no more: what is under way ends now, not with its window.
    await fleet.stop();
    await service?.drain();
    fleet.remove();
    signals.release();
  }
}

async function show(
  command: DemoCommand,
  fleet: DemoFleet,
  service: Service,
  surroundings: Surroundings,
  streams: Streams,
  signals: Signals,
): Promise<number> {
  await print(introduction(fleet, streams.platform === 'linux'), streams);
  const interrupt = (): void => signals.interrupt();
  const swept = await sweepCommand(sweepOf(command, fleet), surroundings, streams, signals.ended, interrupt);
  if (!signals.ended.aborted && (swept === FAILED || swept === USAGE)) return swept;
  if (!signals.ended.aborted) {
    const browser = command.open && streams.stdout.isTTY === true ? browserOf(surroundings, streams) : undefined;
    if (browser !== undefined) openIn(browser, service.signInLink(), join(fleet.folder, 'open.html'));
    await print(greeting(service, fleet, browser !== undefined), streams);
    await untilAborted(signals.ended);
  }
  return signals.status();
}

function browserOf({ env, uid }: Surroundings, { platform }: Streams): string | undefined {
  return browserFor({ platform, env, ...(uid !== undefined && { uid }) });
}

function serviceOptions(
  fleet: DemoFleet,
  version: string,
  surroundings: Surroundings,
  streams: Streams,
): Parameters<typeof startService>[0] {
  const { warn, error } = logLines((line) => streams.stderr.write(line, () => {}), { isJson: false, nowMs: Date.now });
  // What a service tells of its normal life is nothing to somebody who tries it.
  const log: Log = { info: () => {}, warn, error };
  return {
    // Any port: a real service may have the usual one.
    listen: { host: '127.0.0.1', port: 0 },
    store: { kind: 'embedded', folder: fleet.state },
    retentionDays: 1,
    stateFolder: fleet.state,
    readFleet: () => readFleet({ config: fleet.config }, surroundings, streams),
    local: surroundings,
    sweepOptions: {
      ssh: { identities: [], sshConfig: fleet.sshConfig, knownHosts: fleet.knownHosts },
      sweep: {},
    },
    version,
    log,
  };
}

function sweepOf({ windowSeconds, isPlain }: DemoCommand, fleet: DemoFleet): SweepCommand {
  return {
    kind: 'sweep',
    targets: ['@all'],
    config: fleet.config,
    state: fleet.state,
    inventories: [],
    identities: [],
    sshConfig: fleet.sshConfig,
    knownHosts: fleet.knownHosts,
    args: false,
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(isPlain && { format: 'plain' as const }),
  };
}

interface Signals {
  /** Aborted by the first signal. */
  readonly ended: AbortSignal;
  /** As a Ctrl-C does. */
  interrupt(): void;
  status(): number;
  release(): void;
}

/** A second signal waits for nothing, but it leaves nothing either. */
function listenToSignals(streams: Streams, fleet: DemoFleet): Signals {
  const end = new AbortController();
  let status = 0;
  const on = (first: number, second: number) => () => {
    if (end.signal.aborted) {
      fleet.remove();
      streams.exit(second);
    }
    status = first;
    end.abort();
  };
  const interrupt = on(INTERRUPTED, INTERRUPTED);
  const listeners = { SIGINT: interrupt, SIGTERM: on(0, TERMINATED), SIGHUP: on(0, TERMINATED) } as const;
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) streams.on(name, listeners[name]);
  return {
    ended: end.signal,
    interrupt,
    status: () => status,
    release: () => {
      for (const name of names) streams.off(name, listeners[name]);
    },
  };
}

function introduction({ recorded }: DemoFleet, isLinux: boolean): string {
  return [
    'A fleet to try:',
    `  recorded-…    ${recorded} hosts that play recordings of real ones`,
    isLinux
      ? `  ${LIVE_HOST}  this one, as it is now, with your rights`
      : '  (this machine is not among them: whodisk reads Linux)',
    '',
    '',
  ].join('\n');
}

function greeting(service: Service, { state }: DemoFleet, isOpened: boolean): string {
  const place = `--state ${encodeText(shellWord(state))}`;
  return [
    '',
    isOpened ? 'The page on it is opened in your browser. Elsewhere, or if it is not:' : 'The page on it:',
    `  ${service.signInLink()}`,
    '  It signs in once, whoever opens it first. Later, take the token in',
    `  ${encodeText(shellWord(service.tokenFile))}`,
    'In another terminal, while this one runs:',
    `  whodisk explain recorded-db-1 ${place}`,
    `  whodisk history ${place}`,
    'Ctrl-C ends it, and leaves nothing behind.',
    '',
  ].join('\n');
}
