/**
 * The report as text for pipes and tickets: no colour, no cutting, no width, one fact a line, every host by its own name. The
 * words before the colons stay as they are from version to version.
 */
import type { Host, Report } from '../../runner/report.ts';
import type { Disk } from '../../runner/triage/finding.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import {
  bystanderText,
  counted,
  culpritLoad,
  culpritName,
  culpritTraits,
  diskTraffic,
  diskTraits,
  evidenceTexts,
  figureTexts,
  fileText,
  unexplainedText,
} from './phrases.ts';
import { failureText } from './reasons.ts';

/** The whole text, with its last line break. `emphasise` gets each host's verdict, for those who force colour into a pipe. */
export function renderPlain(
  report: Report,
  emphasise: (host: Host, verdict: string) => string = (_, text) => text,
): string {
  const { sweep, hosts, patterns } = report;
  const lines = [
    `sweep ${encodeText(sweep.id)}: ${sweep.status}, ${counted(sweep.targets, 'target')}, ${inCount(sweep.swept)} swept, ` +
      `${inCount(sweep.notSwept)} not swept, window ${sweep.windowSeconds} s, started ${sweep.startedAt}`,
    ...hosts.flatMap((host) => hostLines(host, emphasise)),
    ...patterns.map(
      ({ program, activity, pathPattern, hosts: names }) =>
        `shared: ${encodeText(program)}, ${activity}${pathPattern === undefined ? '' : `, ${encodeText(pathPattern)}`}` +
        ` on ${counted(names.length, 'host')}: ${names.map(encodeText).join(', ')}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function hostLines(host: Host, emphasise: (host: Host, verdict: string) => string): string[] {
  const verdict = emphasise(host, host.status === 'not-swept' ? 'not-swept' : host.verdict);
  const shown = host.disks.filter((disk) => disk.verdict !== 'healthy');
  return [
    `${host.rank}. ${encodeText(host.host)}: ${verdict}, score ${Math.round(host.score)}: ${encodeText(host.summary)}`,
    ...(host.failure === undefined
      ? []
      : [
          `   failure: ${[`${host.failure.phase}, ${host.failure.kind}`, failureText(host)].filter(Boolean).join(': ')}`,
        ]),
    ...shown.flatMap(diskLines),
    ...host.explanations.flatMap(({ summary, evidence }) => [
      `   instead: ${encodeText(summary)}`,
      ...evidence.map((text) => `   evidence: ${encodeText(text)}`),
    ]),
    ...host.limits.map((limit) => `   limit: ${encodeText(limit)}`),
  ];
}

function diskLines(disk: Disk): string[] {
  const flush = disk.flushAwaitMs === undefined ? undefined : `flush await ${inTime(disk.flushAwaitMs)}`;
  const facts = [disk.verdict, ...figureTexts(disk), ...diskTraffic(disk), flush, ...diskTraits(disk)];
  const unexplained = unexplainedText(disk);
  return [
    `   disk: ${encodeText(disk.device)}: ${facts.filter((fact) => fact !== undefined).join(', ')}`,
    ...disk.culprits.flatMap((culprit) => [
      `   culprit: ${[culpritName(culprit), ...culpritTraits(culprit)].join(', ')}: ${culpritLoad(culprit)}`,
      ...(culprit.commandLine === undefined ? [] : [`   command line: ${encodeText(culprit.commandLine)}`]),
      ...culprit.files.map((file) => `   file: ${fileText(file)}`),
      ...evidenceTexts(culprit, disk).map((text) => `   evidence: ${text}`),
      ...(culprit.advice === '' ? [] : [`   advice: ${encodeText(culprit.advice)}`]),
    ]),
    ...(unexplained === undefined ? [] : [`   unknown: ${unexplained}`]),
    ...disk.carriers.map((carrier) => `   carrier: ${bystanderText(carrier)}`),
    ...disk.victims.map((victim) => `   victim: ${bystanderText(victim)}`),
  ];
}
