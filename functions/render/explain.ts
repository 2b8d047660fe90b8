/** `whodisk explain HOST`: the chain of evidence of a host's newest finding, to be read from top to bottom. */
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { inTime } from '../../runner/triage/words.ts';
import { agoText, utcText } from './age.ts';
import { type HandCommand, handCommands } from './by-hand.ts';
import { chainOf, type Step, type StepName } from './chain.ts';
import { encodeText } from './encode.ts';
import { pad, widthOf } from './fit.ts';
import { hostHeadline } from './headline.ts';
import type { Paint } from './paint.ts';
import { textLines } from './reason-lines.ts';
import { standingOf } from './standing.ts';
import { NARROWEST, type TerminalOptions } from './terminal.ts';

/** What belongs to a finding beside the host itself. */
export interface FindingFacts {
  /** The sweep that it comes from. */
  readonly sweep: Sweep;
  /** The present, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** For a terminal: the whole text, with its last line break. */
export function renderExplain(host: VisitedHost, facts: FindingFacts, options: TerminalOptions): string {
  const { paint } = options;
  const width = Math.max(NARROWEST, options.width);
  const lines = [
    ...hostHeadline(host, paint, width),
    ...textLines(`${seenWord(host)} ${seenText(host, facts)}`, 0, width).map((line) => paint.dim(line)),
    ...textLines(staleText(host, facts) ?? '', 0, width).map((line) => paint.yellow(line)),
    ...stepLines(chainOf(host), paint, width),
    ...commandLines(handCommands(host), paint, width),
  ];
  return `${lines.join('\n')}\n`;
}

/** For a pipe: one fact a line, each with the name of its step; no colour, no cutting, no width. */
export function renderExplainPlain(host: VisitedHost, facts: FindingFacts): string {
  const stale = staleText(host, facts);
  const lines = [
    `host: ${encodeText(host.host)}: ${standingOf(host)}, score ${Math.round(host.score)}: ${encodeText(host.summary)}`,
    `${seenWord(host)}: ${seenText(host, facts)}`,
    ...(stale === undefined ? [] : [`stale: ${stale}`]),
    ...chainOf(host).flatMap(({ name, facts: texts }) => texts.map((text) => `${PLAIN_NAMES[name]}: ${text}`)),
    ...handCommands(host).map(({ command, shows }) => `by hand: ${command}  # ${shows}`),
  ];
  return `${lines.join('\n')}\n`;
}

const seenWord = ({ status }: VisitedHost): string => (status === 'not-swept' ? 'tried' : 'seen');

/** "4 minutes ago (2018-12-05 15:23:06 UTC) as root, in a window of 5 s; Linux 6.1; it cost the host 62 ms of CPU; sweep 01J…". */
function seenText({ status, privilege, kernel, cost, source }: VisitedHost, { sweep, nowMs }: FindingFacts): string {
  const when = `${agoText(Date.parse(seenAt(sweep)), nowMs)} (${utcText(seenAt(sweep))})`;
  const rights = privilege === undefined ? '' : ` ${RIGHTS[privilege]},`;
  return [
    source === 'captures'
      ? `${when}, read from captures`
      : status === 'not-swept'
        ? when
        : `${when}${rights} in a window of ${sweep.windowSeconds} s`,
    kernel === undefined ? '' : `Linux ${encodeText(kernel)}`,
    cost.hostCpuMs === undefined ? '' : `it cost the host ${inTime(cost.hostCpuMs)} of CPU`,
    `sweep ${encodeText(sweep.id)}`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}

const RIGHTS = { root: 'as root', sudo: 'through sudo', user: 'without root' } as const;

const seenAt = (sweep: Sweep): string => sweep.finishedAt ?? sweep.startedAt;

/** Load comes and goes within minutes. */
const STALE_MS = 3_600_000;

function staleText({ host, source }: VisitedHost, { sweep, nowMs }: FindingFacts): string | undefined {
  // When captures were taken, nobody knows.
  if (source === 'captures') return undefined;
  if (!(nowMs - Date.parse(seenAt(sweep)) > STALE_MS)) return undefined;
  const again = sweep.asked === undefined ? 'whodisk' : `whodisk ${encodeText(host)}`;
  return `It may be otherwise by now; to look again: ${again}`;
}

/** The links of the chain, which are numbered; memory stands with the CPU. */
const LINKS: ReadonlySet<StepName> = new Set(['cpu', 'disk', 'process', 'syscall', 'file', 'verdict']);
const LABEL_WIDTH = 14;

function stepLines(steps: readonly Step[], paint: Paint, width: number): string[] {
  const isChain = steps.filter(({ name }) => LINKS.has(name)).length > 1;
  let number = 0;
  return steps.flatMap(({ name, facts }) => {
    const isLink = LINKS.has(name);
    if (isLink) number += 1;
    const place = isLink && isChain ? String(number) : ' ';
    const label = pad(`${place} ${isLink ? name.toUpperCase() : name}`.trimEnd(), LABEL_WIDTH);
    const painted = isLink ? paint.bold(label) : paint.dim(label);
    const lines = facts.flatMap((fact, index) =>
      textLines(fact, 0, width - LABEL_WIDTH).map((line) =>
        name === 'advice' ? paint.cyan(line) : isLink && index === 0 ? paint.bold(line) : line,
      ),
    );
    const apart = name === 'memory' ? [] : [''];
    return [...apart, ...lines.map((line, index) => `${index === 0 ? painted : ' '.repeat(LABEL_WIDTH)}${line}`)];
  });
}

const PLAIN_NAMES = {
  cpu: 'cpu',
  memory: 'memory',
  disk: 'disk',
  process: 'process',
  syscall: 'syscall',
  file: 'file',
  verdict: 'verdict',
  advice: 'advice',
  carriers: 'carrier',
  victims: 'victim',
  instead: 'instead',
  'other disks': 'disk',
  limits: 'limit',
} as const satisfies Record<StepName, string>;

function commandLines(commands: readonly HandCommand[], paint: Paint, width: number): string[] {
  if (commands.length === 0) return [];
  const column = Math.max(...commands.map(({ command }) => widthOf(command))) + 2;
  return [
    '',
    paint.dim('  the same by hand, on the host:'),
    ...commands.flatMap(({ command, shows }) => {
      const [first = '', ...others] = textLines(shows, 0, width - column - 4);
      return [
        `    ${pad(command, column)}${paint.dim(first)}`,
        ...others.map((line) => ' '.repeat(column + 4) + paint.dim(line)),
      ];
    }),
  ];
}
