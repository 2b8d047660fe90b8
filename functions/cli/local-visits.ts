/** This machine as the only host, without SSH. */
import { localTransport } from '../../runner/local.ts';
import { visitHost } from '../../runner/visit.ts';
import type { SweepCommand } from './command-line.ts';
import { brokenHost } from './sweep.ts';
import type { Visits } from './visits.ts';

/** `platform` is Node's name of the operating system. */
export function localVisits(command: SweepCommand, hostName: string, platform: string): Visits {
  if (platform !== 'linux') {
    const problem =
      `this machine runs ${platform}, and whodisk reads Linux's /proc.\n` +
      'Name a Linux host that you can log in to: whodisk [user@]host';
    return { kind: 'problems', problems: [problem] };
  }
  return {
    kind: 'visits',
    names: [hostName],
    notes: [],
    start: async function* (signal) {
      yield await visitHost({ name: hostName }, localTransport(), command, signal).catch((error: unknown) =>
        brokenHost(hostName, error),
      );
    },
  };
}
