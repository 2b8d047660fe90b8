/** "db-01: SATURATED. python 18940 (logtest.py) saturates sda by …": what is to be known of one host, in one sentence. */
import type { VisitedHost } from '../../runner/report.ts';
import { encodeText } from './encode.ts';
import { type Paint, paintStanding } from './paint.ts';
import { textLines } from './reason-lines.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';

/** Lines without line breaks. */
export function hostHeadline(host: VisitedHost, paint: Paint, width: number): string[] {
  const standing = standingOf(host);
  const word = STANDING_WORDS[standing].replace(/(?<!\?)$/u, '.');
  const name = encodeText(host.host);
  const lead = `${name}: ${word}`;
  // Of a host that was lost the summary repeats in other words what the headline has said.
  const sentence = standing === 'not-swept' && host.failure ? host.failure.message : host.summary;
  const [first = '', ...others] = textLines(`${lead} ${encodeText(sentence)}`, 0, width);
  if (!first.startsWith(lead)) return [first, ...others];
  const painted = `${paint.bold(name)}: ${paintStanding(paint, standing, word)}`;
  return [painted + first.slice(lead.length), ...others];
}
