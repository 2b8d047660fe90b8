/**
 * The chain of evidence of one host, as an engineer walks it by hand: CPU wait → disk → process → syscall → file → verdict, each step
 * with its raw figures and where they were read. What was not seen says so. All texts are encoded.
 */
import type { VisitedHost } from '../../runner/report.ts';
import type { Culprit, Disk } from '../../runner/triage/finding.ts';
import { sourcesOf } from '../../runner/triage/sources.ts';
import { inBytes, inTime } from '../../runner/triage/words.ts';
import { cpuFacts, memoryFacts } from './chain-machine.ts';
import { courseLines } from './course.ts';
import { encodeText } from './encode.ts';
import { FAILURE_WORDS } from './failure-words.ts';
import { whySure } from './how-sure.ts';
import { chargedText, courseText } from './look-words.ts';
import {
  ACTIVITY_WORDS,
  bystanderText,
  counted,
  culpritLoad,
  culpritName,
  culpritTraits,
  diskTraffic,
  diskTraits,
  figureTexts,
  fileText,
  mainCulprit,
  unexplainedText,
} from './phrases.ts';
import { failureText } from './reasons.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';
import { formatShare } from './units.ts';

/** Links of the chain in their order, then what stands beside it. */
export type StepName =
  | 'cpu'
  | 'memory'
  | 'disk'
  | 'process'
  | 'syscall'
  | 'file'
  | 'verdict'
  | 'advice'
  | 'carriers'
  | 'victims'
  | 'instead'
  | 'other disks'
  | 'limits';

export interface Step {
  readonly name: StepName;
  /** At least one; the first says it, the others support it. */
  readonly facts: readonly string[];
}

/** Everything there is to say of a host, in the order in which it is told. */
export function chainOf(host: VisitedHost): Step[] {
  const shown = host.disks.filter(({ verdict }) => verdict !== 'healthy');
  const healthy = host.disks.filter(({ verdict }) => verdict === 'healthy');
  const origin = sourcesOf(host).disk;
  const isLost = host.disks.length === 0 && host.cpu === undefined && host.memory === undefined;
  return [
    ...(isLost
      ? []
      : [
          step('cpu', cpuFacts(host)),
          step('memory', memoryFacts(host)),
          ...(host.disks.length === 0 ? [step('disk', ['not seen: no figure of a disk came back'])] : []),
          ...shown.flatMap((disk) => diskSteps(disk, origin)),
          ...(shown.length === 0 && healthy.length > 0 ? [step('disk', healthyFacts(healthy, origin))] : []),
        ]),
    step('verdict', verdictFacts(host)),
    ...besides(host),
    ...(shown.length > 0 && healthy.length > 0 ? [step('other disks', healthyFacts(healthy, origin))] : []),
    ...(host.limits.length > 0 ? [step('limits', host.limits.map(encodeText))] : []),
  ];
}

const step = (name: StepName, facts: readonly (string | undefined)[]): Step => ({
  name,
  facts: facts.filter((fact) => fact !== undefined).filter((fact) => fact !== ''),
});

/** `origin`: where its figures were read. */
function diskSteps(disk: Disk, origin: string): Step[] {
  const culprits = [...disk.culprits].sort((a, b) => b.share - a.share);
  return [
    step('disk', diskFacts(disk, origin)),
    ...(culprits.length === 0 ? [step('process', nobodyFacts(disk))] : culprits.flatMap(culpritSteps)),
  ];
}

function diskFacts(disk: Disk, origin: string): string[] {
  const name = encodeText(disk.device);
  const traits = diskTraits(disk);
  const figures = figuresText(disk);
  return [
    `${name}${figures === '' ? '' : `: ${figures}`} (${origin})`,
    diskTraffic(disk).join(', '),
    disk.ceiling === undefined ? '' : encodeText(disk.ceiling.summary),
    ...courseLines(disk),
    traits.length === 0
      ? ''
      : `${name} is ${traits.join(', ')}${origin === '/proc/diskstats' ? ' (/sys/block, mountinfo)' : ''}`,
  ].filter((fact) => fact !== '');
}

function figuresText(disk: Disk): string {
  const flush = disk.flushAwaitMs === undefined ? [] : [`flush await ${inTime(disk.flushAwaitMs)}`];
  return [...figureTexts(disk), ...flush].join(', ');
}

function healthyFacts(disks: readonly Disk[], origin: string): string[] {
  const lines = disks.slice(0, MOST_HEALTHY).map((disk) => {
    const facts = [figuresText(disk), ...diskTraffic(disk)].filter((fact) => fact !== '');
    return `${encodeText(disk.device)} is healthy: ${facts.join(', ') || 'idle'} (${origin})`;
  });
  const more = disks.length - MOST_HEALTHY;
  return more > 0 ? [...lines, `and ${counted(more, 'more healthy disk')}`] : lines;
}

const MOST_HEALTHY = 8;

function nobodyFacts(disk: Disk): (string | undefined)[] {
  switch (disk.verdict) {
    case 'hung':
      return ['nobody is blamed: a disk that completes nothing has a fault of its own or of its path'];
    case 'saturated':
      return ['nobody can be named with evidence', unexplainedText(disk), othersText(disk)];
    case 'inconclusive':
      return ['nobody is named: the disk itself could not be judged'];
    case 'busy':
    case 'healthy':
      return ['nobody is named: that is done only for a disk that is saturated'];
    default:
      return disk.verdict satisfies never;
  }
}

function othersText(disk: Disk): string | undefined {
  return disk.othersShare >= 0.05
    ? `${formatShare(disk.othersShare)} of the load comes from processes of which none stands out, or was seen at work here`
    : undefined;
}

/** Evidence is told with the step that it proves, by the words that open it (runner/triage/culprit-evidence.ts); the rest is the process's own. */
const ABOUT_FILE = /^fd [0-9]+ is /u;
const ABOUT_CALL = /^(?:seen in |held back |[a-z_0-9]+\()/u;

function culpritSteps(culprit: Culprit): Step[] {
  const evidence = culprit.evidence.filter((text) => !ABOUT_FILE.test(text) && !ABOUT_CALL.test(text));
  const calls = culprit.evidence.filter((text) => ABOUT_CALL.test(text));
  const files = culprit.evidence.filter((text) => ABOUT_FILE.test(text));
  const size = culprit.ioSizeBytes === undefined ? '' : ` of ${inBytes(culprit.ioSizeBytes)} at a time`;
  const doing = `${ACTIVITY_WORDS[culprit.activity]}${size}`;
  return [
    step('process', [
      `${culpritName(culprit)}: ${culpritLoad(culprit)}`,
      culpritTraits(culprit).join(', '),
      courseText(culprit),
      chargedText(culprit),
      culprit.commandLine === undefined ? undefined : `command line: ${encodeText(culprit.commandLine)}`,
      ...evidence.map(encodeText),
    ]),
    step(
      'syscall',
      calls.length > 0
        ? [doing, ...calls.map(encodeText)]
        : [`${doing}, inferred from its counters: it was not caught inside a system call that says so`],
    ),
    step(
      'file',
      culprit.files.length > 0
        ? [...culprit.files.map(fileText), ...files.map(encodeText)]
        : [
            culprit.activity === 'swap'
              ? 'none: pages of its memory, in the swap area'
              : 'not seen: no open file on this disk fits what it does',
          ],
    ),
  ];
}

function verdictFacts(host: VisitedHost): (string | undefined)[] {
  const standing = standingOf(host);
  const word = STANDING_WORDS[standing];
  const worst = host.disks.find(({ verdict }) => verdict === host.verdict);
  const main = worst && mainCulprit(worst);
  const { failure } = host;
  return [
    `${word}${word.endsWith('?') ? '' : ':'} ${MEANING[standing]}`,
    failure && `${FAILURE_WORDS[failure.kind]}, in the phase "${failure.phase}"`,
    failureText(host),
    main && `confidence ${main.confidence}: ${whySure(main)}`,
    worst && main && accountText(worst),
    // The score of a host that was not swept is a place among the others, nothing that was found.
    standing === 'not-swept' ? undefined : `score ${Math.round(host.score)} of 100`,
  ];
}

/** As small as nobody is named for (runner/triage/culprit.ts). */
const SMALL = 0.1;

/** "the load on sda: 92 % named above, 8 % of no known owner". */
function accountText({ device, culprits, othersShare, unexplainedShare, backlogShare = 0 }: Disk): string {
  const parts: [share: number, words: string][] = [
    [culprits.reduce((sum, { share }) => sum + share, 0), 'named above'],
    [
      othersShare,
      othersShare < SMALL ? 'of processes too small to name' : 'of others, too small or too little seen to name',
    ],
    [backlogShare, 'of a backlog from before the window'],
    [unexplainedShare - backlogShare, 'of no known owner'],
  ];
  const said = parts.filter(([share]) => share > 1e-9).map(([share, words]) => `${formatShare(share)} ${words}`);
  return `the load on ${encodeText(device)}: ${said.join(', ')}`;
}

/** As saturation.ts and rank.ts of runner/triage decide it. */
const MEANING = {
  hung: 'requests are in flight and not one completes',
  'suspected-hung': 'the host let us in and then fell silent, as a host does whose root disk hangs',
  saturated: 'at work all the time, with a queue, and far slower than fair for its kind and request size',
  inconclusive: 'not enough was seen to judge',
  'not-swept': 'nothing is known of its disks',
  busy: 'much used, or slower than fair, but not both all the time',
  healthy: 'no disk is both much used and slow',
} as const satisfies Record<keyof typeof STANDING_WORDS, string>;

function besides(host: VisitedHost): Step[] {
  const advice = host.disks.map((disk) => encodeText(mainCulprit(disk)?.advice ?? ''));
  return [
    step('advice', [...new Set(advice)]),
    step(
      'carriers',
      host.disks.flatMap(({ carriers }) => carriers.map(bystanderText)),
    ),
    step(
      'victims',
      host.disks.flatMap(({ victims }) => victims.map(bystanderText)),
    ),
    step(
      'instead',
      host.explanations.flatMap(({ summary, evidence }) => [encodeText(summary), ...evidence.map(encodeText)]),
    ),
  ].filter(({ facts }) => facts.length > 0);
}
