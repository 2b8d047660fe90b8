/** `whodisk serve`: the service on this machine, until a signal ends it. */
import { resolve } from 'node:path';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import type { Config } from '../config/read-config.ts';
import { encodeJson, encodeText } from '../render/encode.ts';
import { counted } from '../render/phrases.ts';
import { logLines } from '../serve/log-lines.ts';
import { type Service, type ServiceOptions, startService } from '../serve/serve.ts';
import { ServiceProblem } from '../serve/service-problem.ts';
import { sweepSettings } from '../sweep/sweep-settings.ts';
import type { SshOptions } from '../sweep/visits/ssh-options.ts';
import type { Places, ServeCommand } from './commands.ts';
import { FAILED, INTERRUPTED, TERMINATED, USAGE } from './exit-status.ts';
import { readFleet } from './fleet.ts';
import { isLoopback } from './listen-address.ts';
import { print } from './print.ts';
import { sayTo } from './say.ts';
import { stateFolderOf, storePlace } from './store-place.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

/** Resolves to the exit status once the service is drained: 0 after SIGTERM, 130 after SIGINT. A second signal leaves at once. */
export async function serveCommand(
  command: ServeCommand,
  version: string,
  surroundings: Surroundings,
  streams: Streams,
): Promise<number> {
  const say = sayTo(streams);
  const signals = listenToSignals(streams);
  try {
    const prepared = await prepare(command, version, surroundings, streams);
    if ('problems' in prepared) {
      for (const problem of prepared.problems) await say(problem);
      return USAGE;
    }
    const { options } = prepared;
    const service = await startService(options);
    if (service instanceof ServiceProblem) {
      await say(`the service does not start: ${service.message}\n${service.mend}`);
      return FAILED;
    }
    const { log } = options;
    signals.onReload(() => {
      log.info('whodisk.yml is read anew');
      void service.reload();
    });
    if (!isLoopback(command.listen.host)) {
      log.warn(
        'others than this machine can reach the service, and no TLS protects their tokens: put a reverse proxy in front',
      );
    }
    await print(command.isJson ? listeningLine(service) : greeting(service, prepared.config, command), streams);
    const signal = await signals.end;
    log.info('the service ends: what is under way gets a few seconds', { signal });
    await service.drain();
    return signal === 'SIGINT' ? INTERRUPTED : 0;
  } finally {
    signals.release();
  }
}

async function prepare(
  command: ServeCommand,
  version: string,
  surroundings: Surroundings,
  streams: Streams,
): Promise<{ readonly options: ServiceOptions; readonly config: Config } | { readonly problems: readonly string[] }> {
  const fleet = await readFleet(command, surroundings, streams);
  if (fleet.kind === 'problems') return fleet;
  const { config } = fleet;
  const settings = sweepSettings({ ...command, args: false }, { ...config, privilege: config.defaults.privilege });
  if ('problem' in settings) return { problems: [settings.problem] };
  const place = storePlace(command, config, surroundings);
  if (place.kind === 'problem') return { problems: [place.problem] };
  if (place.kind === 'none') {
    return {
      problems: ['a service keeps what it finds, and the store is none: name a folder or dynamodb:TABLE with --store'],
    };
  }
  const log = logLines((line) => streams.stderr.write(line, () => {}), { isJson: command.isJson, nowMs: Date.now });
  for (const note of fleet.notes) log.warn(note);
  const { windowSeconds, deadlineSeconds, forks, privilege, hostKeys } = command;
  const options: ServiceOptions = {
    listen: command.listen,
    store: place.where,
    retentionDays: config.retentionDays,
    stateFolder: stateFolderOf(command, surroundings),
    ...(command.tokenFile !== undefined && {
      tokenFile: resolve(surroundings.workingDirectory, command.tokenFile),
    }),
    readFleet: () => readFleet(command, surroundings, streams),
    local: surroundings,
    sweepOptions: { ssh: sshOptions(command), sweep: { windowSeconds, deadlineSeconds, forks, privilege, hostKeys } },
    version,
    log,
  };
  return { options, config };
}

function sshOptions({ sshConfig, user, port, identities, knownHosts, jump }: ServeCommand): SshOptions {
  return {
    identities,
    ...(sshConfig !== undefined && { sshConfig }),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(knownHosts !== undefined && { knownHosts }),
    ...(jump !== undefined && { jump }),
  };
}

type Signal = 'SIGTERM' | 'SIGINT';

interface Signals {
  /** Resolves at the first signal that ends the service. */
  readonly end: Promise<Signal>;
  onReload(act: () => void): void;
  release(): void;
}

function listenToSignals(streams: Streams): Signals {
  let reload = (): void => {};
  let first = (_signal: Signal): void => {};
  let isEnding = false;
  const end = new Promise<Signal>((resolveEnd) => {
    first = resolveEnd;
  });
  const on = (signal: Signal) => () => {
    if (isEnding) streams.exit(signal === 'SIGINT' ? INTERRUPTED : TERMINATED);
    isEnding = true;
    first(signal);
  };
  const listeners = { SIGTERM: on('SIGTERM'), SIGINT: on('SIGINT'), SIGHUP: () => reload() } as const;
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const name of names) streams.on(name, listeners[name]);
  return {
    end,
    onReload: (act) => {
      reload = act;
    },
    release: () => {
      for (const name of names) streams.off(name, listeners[name]);
    },
  };
}

/** For programs: the first line of stdout. */
function listeningLine({ url, tokenFile }: Service): string {
  return `${encodeJson(JSON.stringify({ type: 'listening', url, tokenFile }))}\n`;
}

function greeting({ url, tokenFile }: Service, config: Config, places: Places): string {
  const file = encodeText(shellWord(tokenFile));
  return [
    `whodisk listens on ${url}`,
    fleetLine(config),
    `An admin's token is in ${file}; others are made by:`,
    `  whodisk token create --scope run --name NAME${placeWords(places)}`,
    `In a browser, ${url}/ shows what was found, to whoever has a token.`,
    'Try:',
    `  curl -sH "Authorization: Bearer $(cat ${file})" ${url}/v1/sweeps`,
    `  curl -s ${url}/openapi.json`,
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

function fleetLine({ file, disabled, inventory }: Config): string {
  const from = file === undefined ? 'the inventory' : encodeText(file);
  if (disabled !== undefined) return `It sweeps nothing: ${encodeText(disabled)}`;
  if (inventory.hosts.size > 0) return `It sweeps the ${counted(inventory.hosts.size, 'host')} of ${from}.`;
  return `It knows no host yet: describe some in ${file === undefined ? 'whodisk.yml' : from}, or name an inventory with -i FILE.`;
}

/** What other commands need to find the same store. */
function placeWords({ config, store, state }: Places): string {
  const given = { config, store, state };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${encodeText(shellWord(value))}`))
    .join('');
}
