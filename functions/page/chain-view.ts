/** The chain of one host's case as five figures: CPU wait → disk → process → syscall → file. What was not seen says so. */
import type { VisitedHost } from '../../runner/report.ts';
import type { Disk } from '../../runner/triage/finding.ts';
import { inBytes, inRate } from '../../runner/triage/words.ts';
import { encodeText } from '../render/encode.ts';
import { ACTIVITY_WORDS, culpritName, figureTexts, mainCulprit } from '../render/phrases.ts';
import { formatPercent, formatShare } from '../render/units.ts';

export interface Link {
  readonly name: 'CPU wait' | 'disk' | 'process' | 'syscall' | 'file';
  /** Encoded, as are the others. */
  readonly figure: string;
  readonly detail: string;
  /** 0..1: how full its meter is; absent where there is nothing to measure. */
  readonly part?: number;
  readonly isSeen: boolean;
}

/** The disk that the verdict comes from. */
export const worstDisk = (host: VisitedHost): Disk | undefined =>
  host.disks.find(({ verdict }) => verdict === host.verdict) ?? host.disks[0];

/** None of a host that nothing was seen of. */
export function chainLinks(host: VisitedHost): Link[] {
  const disk = worstDisk(host);
  if (disk === undefined && host.cpu === undefined) return [];
  return [cpuLink(host), diskLink(disk), ...culpritLinks(disk)];
}

function cpuLink({ cpu }: VisitedHost): Link {
  const most = cpu?.perCpu.reduce((worst, one) => (one.iowaitPercent > worst.iowaitPercent ? one : worst), NO_CPU);
  if (most === undefined || most === NO_CPU) return { name: 'CPU wait', figure: 'not seen', detail: '', isSeen: false };
  return {
    name: 'CPU wait',
    figure: formatPercent(most.iowaitPercent),
    detail: `of the time cpu${most.cpu} waits for I/O`,
    part: most.iowaitPercent / 100,
    isSeen: true,
  };
}

const NO_CPU = { cpu: -1, userPercent: 0, systemPercent: 0, iowaitPercent: -1, stealPercent: 0, idlePercent: 0 };

function diskLink(disk: Disk | undefined): Link {
  if (disk === undefined) return { name: 'disk', figure: 'not seen', detail: '', isSeen: false };
  return {
    name: 'disk',
    figure: encodeText(disk.device),
    detail: figureTexts(disk).join(', '),
    ...(disk.busyPercent !== undefined && { part: disk.busyPercent / 100 }),
    isSeen: true,
  };
}

function culpritLinks(disk: Disk | undefined): Link[] {
  const culprit = disk && mainCulprit(disk);
  if (culprit === undefined) {
    return [
      { name: 'process', figure: 'nobody is named', detail: NOBODY[disk?.verdict ?? 'inconclusive'], isSeen: false },
    ];
  }
  const { share, shareOf, bytesPerSecond, activity, ioSizeBytes, files, confidence } = culprit;
  const [file] = files;
  const rate = bytesPerSecond > 0 ? `, ${inRate(bytesPerSecond)}` : '';
  const script = culprit.program === undefined || culprit.program === culprit.command ? '' : `${culprit.program}: `;
  return [
    {
      name: 'process',
      figure: culpritName(culprit),
      detail: `${encodeText(script)}${formatShare(share)} of the ${shareOf}${rate}; confidence ${confidence}`,
      part: share,
      isSeen: true,
    },
    {
      name: 'syscall',
      figure: ACTIVITY_WORDS[activity],
      detail: ioSizeBytes === undefined ? '' : `${inBytes(ioSizeBytes)} at a time`,
      isSeen: true,
    },
    file === undefined
      ? { name: 'file', figure: 'not seen', detail: 'no open file on this disk fits what it does', isSeen: false }
      : {
          name: 'file',
          figure: encodeText(file.path),
          detail: [file.fd === undefined ? '' : `fd ${file.fd}`, file.deleted ? 'deleted' : '']
            .filter(Boolean)
            .join(', '),
          isSeen: true,
        },
  ];
}

const NOBODY = {
  hung: 'a disk that completes nothing has a fault of its own or of its path',
  saturated: 'nobody can be named with evidence',
  inconclusive: 'the disk could not be judged',
  busy: 'that is done only for a disk that is saturated',
  healthy: 'the disk is healthy',
} as const satisfies Record<Disk['verdict'], string>;
