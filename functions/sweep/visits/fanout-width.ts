/** How many of these hosts may be visited at a time on this machine. */
import { readFile } from 'node:fs/promises';
import { openFilesLimitOf, type Width, widthFor } from '../../../runner/fleet/width.ts';
import type { Destination } from '../../../runner/ssh/destination.ts';

/** A direct host's name look-up holds two sockets, later its connection one and the agent another. */
const DIRECT_DESCRIPTORS = 2;
/** The agent, while it signs; the connection itself is the jump host's. */
const BEHIND_JUMP_DESCRIPTORS = 1;
/** Three pipes, and the agent. */
const COMMAND_DESCRIPTORS = 4;

/** @param forks how many were asked for */
export async function fanoutWidth(forks: number, destinations: readonly Destination[]): Promise<Width> {
  const perHost = Math.max(0, ...new Set(destinations.map(descriptorsOf)));
  return widthFor(forks, await openFilesLimit(), Math.max(1, perHost));
}

function descriptorsOf({ via }: Destination): number {
  switch (via.kind) {
    case 'direct':
      return DIRECT_DESCRIPTORS;
    case 'jump':
      return BEHIND_JUMP_DESCRIPTORS;
    case 'command':
      return COMMAND_DESCRIPTORS;
    default:
      return via satisfies never;
  }
}

/** Where there is no /proc/self/limits (macOS) the limit shows itself only when it is reached. */
async function openFilesLimit(): Promise<number> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return openFilesLimitOf(text) ?? Number.POSITIVE_INFINITY;
}
