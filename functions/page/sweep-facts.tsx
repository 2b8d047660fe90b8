/** When a sweep was, of what, asked by whom. */
import type { Sweep } from '../../runner/report.ts';
import { agoText, tookText, utcText } from '../render/age.ts';
import { askedText } from '../render/asked-text.ts';
import { encodeText } from '../render/encode.ts';
import { cutEnd } from '../render/fit.ts';

const ASKED_WIDTH = 80;

export function SweepFacts({ sweep, nowMs }: { readonly sweep: Sweep; readonly nowMs: number }) {
  const { startedAt, asked, by, trigger, windowSeconds, finishedAt } = sweep;
  return (
    <p class="facts">
      <span class="mono">{cutEnd(askedText(asked), ASKED_WIDTH)}</span>,{' '}
      <time datetime={startedAt} title={utcText(startedAt)}>
        {agoText(Date.parse(startedAt), nowMs)}
      </time>{' '}
      ({utcText(startedAt)}), window {windowSeconds} s{finishedAt === undefined ? '' : `, ${tookText(sweep)} in all`},
      by {by === undefined ? trigger : encodeText(by)}
    </p>
  );
}
