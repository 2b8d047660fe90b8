/** Commands that show the same on the host itself: few, and none that changes anything. */
import type { VisitedHost } from '../../runner/report.ts';
import { mainCulprit } from './phrases.ts';
import { standingOf } from './standing.ts';

export interface HandCommand {
  /** Holds numbers of the finding at most, never a text that the host sent. */
  readonly command: string;
  readonly shows: string;
}

/** None for a host that nothing was seen of: there its failure says what to try. */
export function handCommands(host: VisitedHost): HandCommand[] {
  const standing = standingOf(host);
  if (host.disks.length === 0) return [];
  const iostat = { command: 'iostat -x 1', shows: 'busy (%util), queue (aqu-sz) and await of every disk' };
  if (standing === 'hung' || standing === 'suspected-hung') {
    return [
      iostat,
      { command: 'ps -eo pid,stat,wchan:24,comm', shows: 'who is stuck: state D' },
      { command: 'dmesg | tail -n 50', shows: 'what the kernel says of the device' },
    ];
  }
  const [worst] = host.disks;
  const culprit = worst && mainCulprit(worst);
  if (culprit === undefined) {
    return standing === 'healthy'
      ? [iostat]
      : [iostat, { command: 'pidstat -d 1', shows: 'who reads and writes, who waits' }];
  }
  const { pid, files } = culprit;
  const fd = files.find((file) => file.fd !== undefined)?.fd;
  return [
    iostat,
    { command: 'pidstat -d 1', shows: 'who reads and writes, who waits' },
    ...(pid === null
      ? []
      : [{ command: `cat /proc/${pid}/syscall`, shows: 'the call that it is in: number, fd, buffer, length' }]),
    ...(pid === null || fd === undefined ? [] : [{ command: `ls -l /proc/${pid}/fd/${fd}`, shows: 'the file' }]),
  ];
}
