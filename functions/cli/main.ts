/** The command line's entry: the only reader of the environment. Importing it does nothing. */
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { reportSchema } from '../../runner/report.ts';
import { configJsonSchema } from '../config/config-schema.ts';
import { encodeText } from '../render/encode.ts';
import { auditCommand } from './audit-command.ts';
import { parseCommandLine } from './command-line.ts';
import type { DemoCommand, ParsedCommand, ServeCommand } from './commands.ts';
import { completeCommand } from './complete-command.ts';
import { completionScript } from './completion-script.ts';
import { FAILED, INTERRUPTED, USAGE } from './exit-status.ts';
import { lookCommand } from './look-command.ts';
import { print } from './print.ts';
import { programName } from './program-name.ts';
import { readCommand } from './read-command.ts';
import { storeCreateCommand } from './store-create-command.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';
import { sweepCommand } from './sweep-command.ts';
import { tokenCommand } from './token-command.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Runs one command and resolves to its exit status (exit-status.ts). Results go to stdout, everything else to stderr.
 *
 * @param argv the words after the program's name
 * @param streams `process`, or what a test puts in its place
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv, streams: Streams): Promise<number> {
  // Diagnostics that nobody reads any more are no reason to die.
  streams.stderr.on('error', () => {});
  // A pty of unknown size says 0.
  const columns = streams.stdout.columns || 80;
  const command = parseCommandLine(argv, packageJson.version, columns);
  try {
    return await run(command, surroundingsOf(env, streams, columns), streams);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const lines = detail.split('\n').map(encodeText).join('\n');
    await complain(streams, `whodisk: failed by a fault of its own, please report it:\n${lines}\n`);
    return FAILED;
  }
}

function run(command: ParsedCommand, surroundings: Surroundings, streams: Streams): Promise<number> {
  switch (command.kind) {
    case 'text':
      return print(command.text, streams);
    case 'usage':
      return complain(streams, command.message).then(() => USAGE);
    case 'schema':
      return print(`${JSON.stringify(schemaOf(command.of), null, 2)}\n`, streams);
    case 'completion':
      return print(completionScript(command.shell), streams);
    case 'complete':
      return completeCommand(command, surroundings, streams);
    case 'sweep':
      return interruptibly(streams, (interrupt, onInterrupt) =>
        sweepCommand(command, surroundings, streams, interrupt, onInterrupt),
      );
    case 'read':
      return interruptibly(streams, (interrupt) =>
        orInterrupted(interrupt, readCommand(command, surroundings, streams)),
      );
    case 'explain':
    case 'history':
    case 'diff':
      return interruptibly(streams, (interrupt) =>
        orInterrupted(interrupt, lookCommand(command, surroundings, streams)),
      );
    case 'audit':
      return interruptibly(streams, (interrupt) =>
        orInterrupted(interrupt, auditCommand(command, surroundings, streams)),
      );
    case 'token-create':
    case 'token-list':
    case 'token-revoke':
      return interruptibly(streams, (interrupt) =>
        orInterrupted(interrupt, tokenCommand(command, surroundings, streams)),
      );
    case 'serve':
      return serve(command, surroundings, streams);
    case 'demo':
      return demo(command, surroundings, streams);
    case 'store-create':
      return interruptibly(streams, (interrupt) =>
        orInterrupted(interrupt, storeCreateCommand(command.table, streams)),
      );
    default:
      return command satisfies never;
  }
}

/** Loaded only here: no other command pays for the HTTP API. */
async function serve(command: ServeCommand, surroundings: Surroundings, streams: Streams): Promise<number> {
  const { serveCommand } = await import('./serve-command.ts');
  return serveCommand(command, packageJson.version, surroundings, streams);
}

/** It starts the service too. */
async function demo(command: DemoCommand, surroundings: Surroundings, streams: Streams): Promise<number> {
  const { demoCommand } = await import('./demo-command.ts');
  return demoCommand(command, packageJson.version, surroundings, streams);
}

function schemaOf(of: 'report' | 'config'): object {
  return of === 'report' ? z.toJSONSchema(reportSchema) : configJsonSchema();
}

/** For work that has nothing to show before it is done. */
function orInterrupted(interrupt: AbortSignal, work: Promise<number>): Promise<number> {
  return Promise.race([work, untilAborted(interrupt).then(() => INTERRUPTED)]);
}

/** The first SIGINT asks the work to end with what is known, the second ends everything at once. */
async function interruptibly(
  streams: Streams,
  work: (interrupt: AbortSignal, onInterrupt: () => void) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  let leave = (_status: number): void => {};
  const left = new Promise<number>((resolve) => {
    leave = resolve;
  });
  const onInterrupt = (): void => {
    if (!interrupt.signal.aborted) {
      interrupt.abort();
      return;
    }
    leave(INTERRUPTED);
    streams.exit(INTERRUPTED);
  };
  streams.on('SIGINT', onInterrupt);
  try {
    return await Promise.race([work(interrupt.signal, onInterrupt), left]);
  } finally {
    streams.off('SIGINT', onInterrupt);
  }
}

function complain({ stderr }: Pick<Streams, 'stderr'>, text: string): Promise<void> {
  return new Promise((resolve) => {
    stderr.write(text, () => resolve());
  });
}

function surroundingsOf(env: NodeJS.ProcessEnv, streams: Streams, columns: number): Surroundings {
  const agentSocket = env['SSH_AUTH_SOCK'];
  const homeDirectory = env['HOME'] || homedir();
  const uid = process.getuid?.();
  const config = env['WHODISK_CONFIG'];
  const xdgConfigHome = env['XDG_CONFIG_HOME'];
  return {
    hostName: hostname(),
    user: loginName(env),
    ...(uid !== undefined && { uid }),
    homeDirectory,
    workingDirectory: process.cwd(),
    env,
    ...(agentSocket ? { agentSocket } : {}),
    ...(config ? { config } : {}),
    ...(xdgConfigHome ? { xdgConfigHome } : {}),
    stateFolder: join(stateHome(env, homeDirectory), 'whodisk'),
    columns,
    ...(streams.stdout.rows ? { rows: streams.stdout.rows } : {}),
    program: programName(env, uid),
    colour: wantsColour(env, streams.stdout.isTTY === true),
    forcedColour: isForced(env),
    isDumbTerminal: env['TERM'] === 'dumb',
  };
}

/** https://specifications.freedesktop.org/basedir-spec: a relative path is to be ignored. */
function stateHome(env: NodeJS.ProcessEnv, homeDirectory: string): string {
  const given = env['XDG_STATE_HOME'];
  return given?.startsWith('/') ? given : join(homeDirectory, '.local', 'state');
}

/** ssh takes the name of the uid; where the uid has none, as in many containers, the environment may. */
function loginName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] || env['LOGNAME'] || 'root';
  }
}

/** https://no-color.org wins over FORCE_COLOR, which wins over what the terminal seems to be. */
function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return isForced(env);
  return isTerminal && env['TERM'] !== 'dumb';
}

function isForced(env: NodeJS.ProcessEnv): boolean {
  const force = env['FORCE_COLOR'] ?? '';
  return !env['NO_COLOR'] && force !== '' && force !== '0' && force !== 'false';
}
