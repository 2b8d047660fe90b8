/** `whodisk demo`: a fleet of local hosts, one sweep of it, and the page on what was found, until a signal ends it and nothing is left. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoFleet, LIVE_HOST, startDemoFleet } from '../demo/demo-fleet.ts';
import { type DemoPlace, openDemoPlace } from '../demo/demo-place.ts';
import { loadProblems, programPath } from '../demo/load-needs.ts';
import { browserFor, openIn } from '../demo/open-browser.ts';
import { type Load, startLoad } from '../demo/start-load.ts';
import type { Log } from '../log.ts';
import { logLines } from '../serve/log-lines.ts';
import { type Service, startService } from '../serve/serve.ts';
import { ServiceProblem } from '../serve/service-problem.ts';
import { StateFolderProblem } from '../state-folder.ts';
import type { DemoCommand, SweepCommand } from './commands.ts';
import { type DemoSignals, listenToSignals } from './demo-signals.ts';
import { greeting, introduction } from './demo-words.ts';
import { FAILED, USAGE } from './exit-status.ts';
import { readFleet } from './fleet.ts';
import { print } from './print.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { sweepCommand } from './sweep-command.ts';
import { untilAborted } from './until-aborted.ts';

/** Resolves to the exit status: 130 after SIGINT, 0 after SIGTERM or SIGHUP, 1 where it cannot be shown, 2 where there can be no load. */
export async function demoCommand(
  command: DemoCommand,
  version: string,
  surroundings: Surroundings,
  streams: Streams,
): Promise<number> {
  const say = sayTo(streams);
  const { hasLoad } = command;
  const parent = tmpdir();
  const path = programPath(surroundings.env['PATH']);
  const problems = hasLoad ? loadProblems({ platform: streams.platform, uid: surroundings.uid, parent, path }) : [];
  for (const problem of problems) await say(`there can be no --load here: ${problem}`);
  if (problems.length > 0) return USAGE;
  const made: Made = {};
  const signals = listenToSignals(streams, () => takeAway(made, say));
  try {
    const { stateFolder } = surroundings;
    made.place = openDemoPlace({ parent, stateFolder, path, hasLoad, ended: signals.ended });
    const place = await made.place;
    if (place instanceof StateFolderProblem) {
      await say(
        `${hasLoad ? 'there can be no --load here' : 'the demo does not start'}: ${place.message}\n${place.mend}`,
      );
      return hasLoad ? USAGE : FAILED;
    }
    for (const message of place.said) await say(message);
    const { agentSocket: _, ...around } = surroundings;
    if (signals.ended.aborted) return signals.status();
    return await run(command, version, around, streams, place, { made, signals });
  } finally {
    made.isEnding = true;
    // Hosts that answer no more: what is under way ends now, not with its window.
    await made.fleet?.stop();
    await made.service?.drain();
    await takeAway(made, say);
    signals.release();
  }
}

/** What there is to take away at the end. */
interface Made {
  place?: Promise<DemoPlace | StateFolderProblem>;
  fleet?: DemoFleet;
  service?: Service;
  load?: Promise<Load | Error>;
  isEnding?: true;
}

/** What is written, attached, mounted and started. May be called again. */
async function takeAway({ place, load }: Made, say: (text: string) => Promise<void>): Promise<void> {
  await load;
  const opened = await place;
  const left = opened instanceof StateFolderProblem ? undefined : await opened?.leave();
  if (left !== undefined) await say(left);
}

async function run(
  command: DemoCommand,
  version: string,
  surroundings: Surroundings,
  streams: Streams,
  place: DemoPlace,
  { made, signals }: { readonly made: Made; readonly signals: DemoSignals },
): Promise<number> {
  const say = sayTo(streams);
  const isLinux = streams.platform === 'linux';
  const fleet = await startDemoFleet({ folder: place.folder, isLinux }).catch(asError);
  if (fleet instanceof Error) {
    await say(`the demo does not start: ${fleet.message}`);
    return FAILED;
  }
  made.fleet = fleet;
  const service = await startService(serviceOptions(fleet, version, surroundings, streams));
  if (service instanceof ServiceProblem) {
    await say(`the demo does not start: ${service.message}\n${service.mend}`);
    return FAILED;
  }
  made.service = service;
  if (command.hasLoad) {
    const path = programPath(surroundings.env['PATH']);
    made.load = startLoad({ folder: fleet.folder, path, ended: signals.ended });
  }
  const load = await made.load;
  if (signals.ended.aborted) return signals.status();
  if (load instanceof Error) {
    await say(`the load does not start: ${load.message}`);
    return FAILED;
  }
  void load?.broken.then((how) => {
    if (!made.isEnding && !signals.ended.aborted) return say(`the writer of the load writes no more: ${how}`);
  });
  await print(introduction(fleet, { isLinux, load }), streams);
  return show(command, { fleet, service }, surroundings, streams, signals);
}

async function show(
  command: DemoCommand,
  { fleet, service }: { readonly fleet: DemoFleet; readonly service: Service },
  surroundings: Surroundings,
  streams: Streams,
  signals: DemoSignals,
): Promise<number> {
  const interrupt = (): void => signals.interrupt();
  const swept = await sweepCommand(sweepOf(command, fleet), surroundings, streams, signals.ended, interrupt);
  if (!signals.ended.aborted && (swept === FAILED || swept === USAGE)) return swept;
  if (!signals.ended.aborted) {
    const browser = command.open && streams.stdout.isTTY === true ? browserOf(surroundings, streams) : undefined;
    if (browser !== undefined) openIn(browser, service.signInLink(), join(fleet.folder, 'open.html'));
    const example = command.hasLoad ? LIVE_HOST : 'recorded-db-1';
    await print(
      greeting(service, fleet, { isOpened: browser !== undefined, example, program: surroundings.program }),
      streams,
    );
    await untilAborted(signals.ended);
  }
  return signals.status();
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

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
