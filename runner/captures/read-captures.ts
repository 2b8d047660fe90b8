/**
 * Pasted output of top, iostat -x, pidstat -d, strace and lsof → the finding of the host that it is of, by the same triage as a visit. Any
 * of them may be missing, several may be in one text. Pure: whoever calls it reads the files.
 */
import type { Finding } from '../triage/finding.ts';
import type { HostSamples } from '../triage/samples.ts';
import { triage } from '../triage/triage.ts';
import { inList } from '../triage/words.ts';
import { placeOf } from './capture-line.ts';
import { type Captured, capturedOf } from './captured.ts';
import { leadsOf } from './leads.ts';
import { samplesOfCaptures } from './samples-of-captures.ts';
import { type Split, splitCaptures } from './split-captures.ts';
import { KNOWN_TOOLS } from './tools.ts';

export interface CaptureText {
  /** For messages: the file as it was named. */
  readonly file: string;
  readonly text: string;
}

export type CapturesRead =
  | {
      readonly kind: 'read';
      /** As the host calls itself; absent where no capture says it. */
      readonly host?: string;
      readonly finding: Finding;
      /** false where nothing was pasted that tells of disks now. */
      readonly isWhole: boolean;
      /** How long iostat looked; 0 where it did not. */
      readonly windowMs: number;
    }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

export function readCaptures(texts: readonly CaptureText[]): CapturesRead {
  const splits = texts.map(({ file, text }) => ({ file, text, split: splitCaptures(file, text) }));
  const strangers = splits.filter(({ split }) => split.sections.length === 0);
  if (strangers.length > 0) return { kind: 'problems', problems: strangers.map(unknownProblem) };
  const host = hostOf(splits.map(({ split }) => split));
  if (typeof host === 'object') return { kind: 'problems', problems: [host.problem] };

  const captured = capturedOf(splits.flatMap(({ split }) => split.sections));
  const { samples, windowMs } = samplesOfCaptures(captured);
  if (isEmpty(captured, samples)) {
    const files = inList(splits.map(({ file }) => file));
    const nothing = `${files}: nothing can be read of what is there of ${inList([...captured.tools])}`;
    return { kind: 'problems', problems: captured.limits.length > 0 ? captured.limits : [nothing] };
  }
  const finding = triage(samples);
  const cut = splits.flatMap(({ split }) => split.cut ?? []);
  return {
    kind: 'read',
    ...(host !== undefined && { host }),
    finding: {
      ...finding,
      explanations: [...finding.explanations, ...leadsOf(samples)],
      limits: [...finding.limits, ...cut],
    },
    isWhole: samples.disks.length > 0,
    windowMs,
  };
}

const isEmpty = ({ openers }: Captured, { disks, processes, suspects, cpu, meminfo }: HostSamples): boolean =>
  openers.length + disks.length + processes.length + suspects.length === 0 && !cpu && !meminfo;

function unknownProblem({ file, text }: CaptureText): string {
  if (text.trim() === '') return `${file} is empty`;
  return `${file}: this is not the output of a tool that is known here: ${KNOWN_TOOLS}`;
}

/** One name, none, or why there are two: figures of two hosts in one finding would name the wrong process. */
function hostOf(splits: readonly Split[]): string | undefined | { readonly problem: string } {
  const [first, ...others] = splits.flatMap(({ hosts }) => hosts);
  if (first === undefined) return undefined;
  const other = others.find(({ host }) => shortName(host) !== shortName(first.host));
  if (!other) return first.host;
  return {
    problem:
      `the captures are of two hosts, ${first.host} (${placeOf(first.line)}) and ${other.host} (${placeOf(other.line)})\n` +
      'read those of each host by themselves',
  };
}

/** A prompt shows no domain where a banner does. */
const shortName = (host: string): string => host.replace(/\..*$/u, '').toLowerCase();
