/** What is known as JSON: one document, or of a sweep a line for each host as it finishes and a last one. */
import type { Report, Sweep, VisitedHost } from '../../runner/report.ts';
import type { Diff } from '../../runner/triage/diff.ts';
import { encodeJson } from './encode.ts';
import type { HostFinding } from './host-history.ts';
import { sweepStartedAt } from './sweep-time.ts';

/** `--json`: one indented document with its last line break, in pieces: that of a thousand hosts has tens of megabytes. */
export function* renderJson({ hosts, ...rest }: Report): Generator<string> {
  // What stands before and behind the hosts comes from the same serialiser, so that the pieces are the document.
  const frame = document({ schemaVersion: rest.schemaVersion, sweep: rest.sweep, hosts: [], patterns: rest.patterns });
  const at = frame.indexOf(HOSTS) + HOSTS.length;
  yield frame.slice(0, at);
  for (const [index, host] of hosts.entries()) {
    yield `${index === 0 ? '' : ','}\n${indented(document(host))}`;
  }
  yield `${hosts.length === 0 ? '' : '\n  '}${frame.slice(at)}`;
}

const HOSTS = '\n  "hosts": [';
const indented = (text: string): string => text.trimEnd().replace(/^/gm, '    ');

/** `--ndjson`: the line of one host, without a rank: the others are not known yet. */
export function renderHostLine(host: VisitedHost): string {
  return `${encodeJson(JSON.stringify({ type: 'host', ...host }))}\n`;
}

/** `--ndjson`: the last line, with the names of the hosts worst first. */
export function renderSweepLine({ sweep, hosts, patterns }: Report): string {
  const ranking = hosts.map(({ host }) => host);
  return `${encodeJson(JSON.stringify({ type: 'sweep', sweep, ranking, patterns }))}\n`;
}

/** `explain --json`. */
export function renderExplainJson(host: VisitedHost, sweep: Sweep): string {
  return document({ sweep, host });
}

/** `history --json`: the sweeps, the newest first. */
export function renderHistoryJson(sweeps: readonly Sweep[]): string {
  return document({ sweeps });
}

/** `history HOST --json`: its findings, the newest first. */
export function renderHostHistoryJson(host: string, findings: readonly HostFinding[]): string {
  return document({
    host,
    findings: findings.map(({ sweepId, host: finding }) => {
      const startedAt = sweepStartedAt(sweepId);
      return { sweep: sweepId, ...(startedAt !== undefined && { startedAt }), ...finding };
    }),
  });
}

/** `diff --json`; `from` is null where there is no sweep to compare with. */
export function renderDiffJson(diff: Diff, from: Sweep | null, to: Sweep): string {
  return document({ from, to, ...diff });
}

function document(value: unknown): string {
  return `${encodeJson(JSON.stringify(value, null, 2))}\n`;
}
