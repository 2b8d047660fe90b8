/** The report as JSON: one document, or a line for each host as it finishes and a last one for the sweep. */
import type { Report, VisitedHost } from '../../runner/report.ts';
import { encodeJson } from './encode.ts';

/** `--json`: one indented document with its last line break. */
export function renderJson(report: Report): string {
  return `${encodeJson(JSON.stringify(report, null, 2))}\n`;
}

/** `--ndjson`: the line of one host, without a rank: the others are not known yet. */
export function renderHostLine(host: VisitedHost): string {
  return `${encodeJson(JSON.stringify({ type: 'host', ...host }))}\n`;
}

/** `--ndjson`: the last line, with the names of the hosts worst first. */
export function renderSweepLine({ sweep, hosts, patterns }: Report): string {
  const ranking = hosts.map(({ host }) => host);
  return `${encodeJson(JSON.stringify({ type: 'sweep', sweep, ranking, patterns }))}\n`;
}
