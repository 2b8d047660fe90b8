/** The fleet of the demo: recorded hosts and this machine, each an SSH server of this process, and the files that describe them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLoopbackHosts } from '../../runner/ssh/loopback-hosts.ts';
import { playing, thisMachine } from './answers.ts';
import { RECORDED_HOSTS } from './recordings.ts';

export interface DemoFleet {
  /** Of mode 0700. All that the demo writes is in it; whoever named it removes it. */
  readonly folder: string;
  readonly config: string;
  readonly state: string;
  /** Empty: what this user's ssh does with 127.0.0.1 has nothing to do with the demo. */
  readonly sshConfig: string;
  readonly knownHosts: string;
  /** How many hosts play a recording. */
  readonly recorded: number;
  /** Breaks what is under way; no host answers any more. Never rejects. */
  stop(): Promise<void>;
}

/** The host that is no recording. */
export const LIVE_HOST = 'this-machine';

/** Answers come one by one, as those of a fleet do. */
const FIRST_ANSWER_MS = 200;
const BETWEEN_ANSWERS_MS = 150;

/**
 * @param given.folder is made, and must not be there
 * @param given.isLinux anywhere else this machine cannot be asked, and is left out
 * @throws where 127.0.0.1 has no port left, or the folder cannot be made
 */
export async function startDemoFleet(given: {
  readonly folder: string;
  readonly isLinux: boolean;
}): Promise<DemoFleet> {
  const names = [...RECORDED_HOSTS.map(({ name }) => name), ...(given.isLinux ? [LIVE_HOST] : [])];
  const answers = RECORDED_HOSTS.map((host, index) => playing(host, FIRST_ANSWER_MS + index * BETWEEN_ANSWERS_MS));
  const hosts = await startLoopbackHosts([...answers, ...(given.isLinux ? [thisMachine] : [])]);
  const { ports, user, hostKey, clientKey } = hosts;
  const { folder } = given;
  try {
    mkdirSync(folder, { mode: 0o700 });
    const file = (name: string, content: string): string => {
      const path = join(folder, name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    };
    file('key', clientKey);
    const lines = names.map((name, index) => `  ${name}: { port: ${ports[index]}, hostKeys: ['${hostKey}'] }`);
    return {
      folder,
      config: file('whodisk.yml', configOf(user, lines, names)),
      state: join(folder, 'state'),
      sshConfig: file('ssh_config', ''),
      knownHosts: file('known_hosts', ports.map((port) => `[127.0.0.1]:${port} ${hostKey}\n`).join('')),
      recorded: RECORDED_HOSTS.length,
      stop: hosts.stop,
    };
  } catch (error) {
    await hosts.stop();
    throw error;
  }
}

/** `privilege: user`: nobody who tries the demo is to find that it has used their sudo. */
function configOf(user: string, hostLines: readonly string[], names: readonly string[]): string {
  const recorded = names.filter((name) => name !== LIVE_HOST);
  const kinds = [...new Set(recorded.map(kindOf))];
  const groups = kinds.map((kind) => `  ${kind}: [${recorded.filter((name) => kindOf(name) === kind).join(', ')}]`);
  return [
    '# The fleet of whodisk demo: gone when the demo ends.',
    `user: ${user}`,
    'privilege: user',
    'identityFiles: [key]',
    'hosts:',
    ...hostLines.map((line) => line.replace('{ ', '{ address: 127.0.0.1, ')),
    'groups:',
    `  recorded: [${recorded.join(', ')}]`,
    ...groups,
    '',
  ].join('\n');
}

/** "db" of recorded-db-1. */
const kindOf = (name: string): string => name.split('-')[1] ?? name;
