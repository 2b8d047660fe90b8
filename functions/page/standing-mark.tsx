/** A standing as a word with a shape before it, so that its colour is never the only sign. */
import type { Standing } from '../../runner/report.ts';
import { STANDING_WORDS } from '../render/standing.ts';

/** The letter of its CSS classes: it stands in each row and each cell. */
export const STANDING_CLASS = {
  hung: 'h',
  'suspected-hung': 'h',
  saturated: 's',
  inconclusive: 'i',
  'not-swept': 'n',
  busy: 'b',
  healthy: 'f',
} as const satisfies Record<Standing, string>;

const SHAPES = {
  hung: '■',
  'suspected-hung': '□',
  saturated: '▲',
  inconclusive: '?',
  'not-swept': '×',
  busy: '●',
  healthy: '○',
} as const satisfies Record<Standing, string>;

export function StandingMark({ standing }: { readonly standing: Standing }) {
  return (
    <span class={`st ${STANDING_CLASS[standing]}`}>
      <span aria-hidden="true">{SHAPES[standing]}</span> {STANDING_WORDS[standing]}
    </span>
  );
}
