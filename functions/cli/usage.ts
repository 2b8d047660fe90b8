/** What is said of a command line that is not understood. */
import { encodeText } from '../render/encode.ts';
import type { ParsedCommand } from './commands.ts';

/** @param message a sentence, and in further lines what to do */
export function usage(message: string): ParsedCommand & { kind: 'usage' } {
  const lines = message.split('\n').map(encodeText);
  return { kind: 'usage', message: `whodisk: ${lines.join('\n  ')}\n  Try: whodisk --help\n` };
}

export function tooMuch(command: string, takes: string, extra: string | undefined): string {
  return `'whodisk ${command}' takes ${takes}, and here is '${extra}'${forHost(command)}`;
}

/** Commands are words that a host may be called by. */
export function forHost(command: string): string {
  return `.\nFor a host of that name: whodisk sweep ${command}`;
}
