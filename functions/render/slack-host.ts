/** One host's chain of evidence as a Slack message: short enough to be read on a telephone, each step with its figures. */
import type { Sweep, VisitedHost } from '../../runner/report.ts';
import { agoText } from './age.ts';
import { chainOf, type Step } from './chain.ts';
import { cutEnd } from './fit.ts';
import { buttonRow } from './slack-buttons.ts';
import { context, MOST_SECTION, type SlackMessage, section, slackMessage } from './slack-message.ts';
import { code, codeLines, plainText } from './slack-text.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';

export interface SlackHostView {
  readonly host: VisitedHost;
  /** The sweep that it comes from. */
  readonly sweep: Sweep;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly publicUrl?: string;
}

const LABEL_WIDTH = 12;
const MOST_LINE = 160;
const MOST_STEPS = 24;
/** Of each step: the first fact says it. */
const MOST_FACTS = { cpu: 2, memory: 1, disk: 3, process: 3, syscall: 2, file: 3, verdict: 3, advice: 2 } as const;

export function renderSlackHost({ host, sweep, nowMs, publicUrl }: SlackHostView): SlackMessage {
  const word = STANDING_WORDS[standingOf(host)];
  const sentence = `${code(host.host)} ${word}`;
  const seen = `${host.status === 'not-swept' ? 'tried' : 'seen'} ${agoText(Date.parse(sweep.finishedAt ?? sweep.startedAt), nowMs)}`;
  const steps = chainOf(host);
  const rest = steps.length - MOST_STEPS;
  const lines = [...steps.slice(0, MOST_STEPS).flatMap(stepLines), ...(rest > 0 ? [`and ${rest} more steps`] : [])];
  return slackMessage(
    `${sentence}, ${seen}`,
    [
      ...section([`${code(host.host)} *${word}*, ${seen}`]),
      context(
        plainText(host.failure !== undefined && host.status === 'not-swept' ? host.failure.message : host.summary),
      ),
      ...blocksOf(lines),
    ],
    // The targets of the sweep that saw it are not what was looked at here.
    buttonRow({ sweep: { id: sweep.id }, publicUrl, hasButtons: false }, undefined),
  );
}

/** "disk     sda: 99.2 % busy, queue 1,102": a line for each fact, the first with the step's name. */
function stepLines({ name, facts }: Step): string[] {
  const most = Object.hasOwn(MOST_FACTS, name) ? MOST_FACTS[name as keyof typeof MOST_FACTS] : 2;
  return facts
    .slice(0, most)
    .map((fact, index) => (index === 0 ? name : '').padEnd(LABEL_WIDTH) + cutEnd(fact, MOST_LINE));
}

/** A block of code for as many lines as a section takes. */
function blocksOf(lines: readonly string[]) {
  const parts: string[][] = [[]];
  for (const line of lines) {
    const part = parts.at(-1) ?? [];
    if (part.length > 0 && codeLines([...part, line]).length > MOST_SECTION - 10) parts.push([line]);
    else part.push(line);
  }
  return parts.filter((part) => part.length > 0).flatMap((part) => section([codeLines(part)]));
}
