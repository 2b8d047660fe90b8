/** One host alone: a sentence that answers the question, then the evidence. */
import type { Host, Sweep } from '../../runner/report.ts';
import type { Disk } from '../../runner/triage/finding.ts';
import { inTime } from '../../runner/triage/words.ts';
import { tookText } from './age.ts';
import { encodeText } from './encode.ts';
import { cutEnd, pad, widthOf, wrap } from './fit.ts';
import { hostHeadline } from './headline.ts';
import { type Paint, paintStanding } from './paint.ts';
import { diskTraffic, figureTexts } from './phrases.ts';
import { reasonLines, textLines } from './reason-lines.ts';
import { diskReasons, hostReasons } from './reasons.ts';
import { STANDING_WORDS } from './standing.ts';

const INDENT = 2;
const ALL = Number.POSITIVE_INFINITY;

/** Lines without line breaks. */
export function renderAnswer(host: Host, sweep: Sweep, paint: Paint, width: number): string[] {
  const unhealthy = host.disks.filter((disk) => disk.verdict !== 'healthy');
  return [
    ...hostHeadline(host, paint, width),
    ...unhealthy.flatMap((disk) => ['', ...diskLines(disk, paint, width)]),
    ...(unhealthy.length < host.disks.length ? ['', ...healthyDisks(host, paint, width)] : []),
    ...rest(host, paint, width),
    '',
    ...textLines(footer(host, sweep), 0, width).map((line) => paint.dim(line)),
  ];
}

function diskLines(disk: Disk, paint: Paint, width: number): string[] {
  const figures = figureTexts(disk).join(', ');
  const word = STANDING_WORDS[disk.verdict];
  const beside = `  ${word}${figures === '' ? '' : `  ${figures}`}`;
  const name = cutEnd(
    encodeText(disk.device),
    Math.min(WIDEST_NAME, Math.max(NARROWEST_NAME, width - widthOf(beside))),
  );
  const title =
    paint.bold(name) + cutEnd(beside, width - widthOf(name)).replace(word, paintStanding(paint, disk.verdict, word));
  return [title, ...reasonLines(diskReasons(disk, KNOWN), INDENT, width, paint)];
}

/** The disks that are fine, a line each. */
function healthyDisks(host: Host, paint: Paint, width: number): string[] {
  const disks = host.disks.filter((disk) => disk.verdict === 'healthy');
  const nameWidth = Math.min(WIDEST_NAME, Math.max(...disks.map((disk) => widthOf(encodeText(disk.device)))));
  return disks.slice(0, MOST_HEALTHY).flatMap((disk) => {
    const facts = [...figureTexts(disk), ...diskTraffic(disk)];
    const name = pad(cutEnd(encodeText(disk.device), nameWidth), nameWidth);
    const [first = '', ...others] = wrap(facts.join(', '), width - nameWidth - 11);
    return [
      `${name}  ${paint.green('healthy')}  ${first}`.trimEnd(),
      ...others.map((line) => ' '.repeat(nameWidth + 11) + line),
    ];
  });
}

const MOST_HEALTHY = 12;
/** The line above the reasons has them. */
const KNOWN = { figures: new Set(['busy', 'queue', 'wait']), file: false };
const WIDEST_NAME = 16;
const NARROWEST_NAME = 4;

function rest(host: Host, paint: Paint, width: number): string[] {
  const lines = reasonLines(hostReasons(host, ALL), INDENT, width, paint);
  return lines.length === 0 ? [] : ['', ...lines];
}

function footer({ cost, source }: Host, sweep: Sweep): string {
  const cpu = cost.hostCpuMs === undefined ? '' : `, which cost the host ${inTime(cost.hostCpuMs)} of CPU`;
  const state = sweep.status === 'complete' ? '' : `; ${sweep.status}`;
  if (source === 'captures') return `from captures, iostat's over ${sweep.windowSeconds} s${state}`;
  return `${sweep.windowSeconds} s window${cpu}; ${tookText(sweep)} in all${state}`;
}
