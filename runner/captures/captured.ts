/** All that was pasted, tool by tool, whatever the files it came in. */
import { type Iostat, parseIostat } from './iostat.ts';
import { parseIotop } from './iotop.ts';
import { type Opener, parseLsof } from './lsof.ts';
import { type PidstatRow, parsePidstat } from './pidstat.ts';
import type { Section } from './split-captures.ts';
import { parseStrace, type Strace } from './strace.ts';
import type { Tool } from './tools.ts';
import { parseTop, type Top } from './top.ts';

export interface Captured {
  /** Which tools' output there is, understood or not. */
  readonly tools: ReadonlySet<Tool>;
  readonly kernel?: string;
  readonly iostat: readonly Iostat[];
  /** A list of rows for each report of `processTool`. */
  readonly processes: readonly (readonly PidstatRow[])[];
  readonly processTool: 'pidstat' | 'iotop';
  /** Seconds since midnight of the last report of pidstat. */
  readonly processClock?: number;
  readonly top?: Top;
  readonly strace: readonly Strace[];
  readonly openers: readonly Opener[];
  /** What the parsers could not read, in sentences. */
  readonly limits: readonly string[];
}

export function capturedOf(sections: readonly Section[]): Captured {
  const of = (tool: Tool): Section[] => sections.filter((section) => section.tool === tool);
  const iostat = of('iostat').map(parseIostat);
  const pidstat = of('pidstat').map(parsePidstat);
  const strace = of('strace').map(parseStrace);
  const top = of('top').map(parseTop).at(-1);
  const reports = pidstat.flatMap((part) => part.reports);
  const hasIotop = reports.length === 0 && of('iotop').length > 0;
  const processClock = pidstat.findLast((part) => part.clock !== undefined)?.clock;
  const kernel = sections.find(({ banner }) => banner)?.banner?.kernel;
  return {
    tools: new Set(sections.map(({ tool }) => tool)),
    ...(kernel !== undefined && { kernel }),
    iostat,
    processes: hasIotop ? of('iotop').flatMap(parseIotop) : reports,
    processTool: hasIotop ? 'iotop' : 'pidstat',
    ...(processClock !== undefined && { processClock }),
    ...(top && { top }),
    strace,
    openers: of('lsof').flatMap((section) => parseLsof(section).openers),
    limits: [...iostat, ...pidstat, ...strace].flatMap(({ limits }) => limits),
  };
}
