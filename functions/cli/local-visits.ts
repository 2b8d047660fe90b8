/** This machine as the only host, without SSH. */
import { localTransport } from '../../runner/local.ts';
import { type VisitOptions, visitHost } from '../../runner/visit.ts';
import { brokenHost } from '../sweep/visits/lost-hosts.ts';
import type { Visits } from '../sweep/visits/visits.ts';

/** `platform` is Node's name of the operating system. */
export function localVisits(options: VisitOptions, hostName: string, platform: string): Visits {
  if (platform !== 'linux') {
    const problem =
      `this machine runs ${platform}, and whodisk reads Linux's /proc.\n` +
      'Name a Linux host that you can log in to: whodisk [user@]host';
    return { kind: 'problems', problems: [problem] };
  }
  return {
    kind: 'visits',
    names: [hostName],
    width: 1,
    notes: [],
    start: async function* (signal) {
      yield await visitHost({ name: hostName }, localTransport(), options, signal).catch((error: unknown) =>
        brokenHost(hostName, error),
      );
    },
    end: () => {},
  };
}
