/**
 * Where the Unix sockets of a folder are, however long its path is. An address holds 107 bytes on Linux and 103 on macOS (unix(7),
 * sys/un.h), and libuv 1.46 cuts a longer one to connect to without a word.
 */
import { closeSync, constants, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { StoreProblem } from '../problem.ts';

export interface SocketFolder {
  /** The path to listen on or to connect to. Rename and unlink by the folder's real path. */
  addressOf(name: string): string;
  close(): void;
}

/** @param longestName the longest name that will be asked for, in bytes */
export function openSocketFolder(folder: string, longestName: number): SocketFolder | StoreProblem {
  if (Buffer.byteLength(folder) + 1 + longestName <= MOST_ADDRESS_BYTES) {
    return { addressOf: (name) => path.join(folder, name), close: () => {} };
  }
  const tooLong = new StoreProblem(
    'failed',
    `the path of the state folder is too long for a Unix socket: ${folder}`,
    `name one of at most ${MOST_ADDRESS_BYTES - 1 - longestName} bytes with --state DIR or --store PATH`,
  );
  let fd: number;
  try {
    fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch {
    return tooLong;
  }
  const short = `/proc/self/fd/${fd}`;
  if (statSync(short, { throwIfNoEntry: false })?.isDirectory() !== true) {
    closeSync(fd);
    return tooLong;
  }
  return { addressOf: (name) => `${short}/${name}`, close: () => closeSync(fd) };
}

const MOST_ADDRESS_BYTES = 103;
