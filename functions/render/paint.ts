/**
 * Colour that means something: red, somebody must act; yellow, watch it; green, fine; dim, context. Never the only sign: the
 * words say the same.
 */
import picocolors from 'picocolors';
import type { Standing } from '../../runner/report.ts';
import type { Diff } from '../../runner/triage/diff.ts';

export type Paint = ReturnType<typeof picocolors.createColors>;

/** The colours, or with `false` functions that leave text as it is. */
export function paintFor(colour: boolean): Paint {
  return picocolors.createColors(colour);
}

/** Red for what needs somebody now, yellow for what may, green for what is well. */
export function paintStanding(paint: Paint, standing: Standing, text: string): string {
  switch (standing) {
    case 'hung':
    case 'suspected-hung':
    case 'saturated':
      return paint.bold(paint.red(text));
    case 'inconclusive':
    case 'not-swept':
    case 'busy':
      return paint.yellow(text);
    case 'healthy':
      return paint.green(text);
    default:
      return standing satisfies never;
  }
}

/** Of what changed between two sweeps: red for what is new or worse, green for what is over. */
export function paintChange(paint: Paint, section: Exclude<keyof Diff, 'unchanged'>, text: string): string {
  switch (section) {
    case 'new':
    case 'worse':
      return paint.bold(paint.red(text));
    case 'better':
    case 'gone':
      return paint.bold(paint.green(text));
    case 'notCompared':
      return paint.bold(paint.yellow(text));
    default:
      return section satisfies never;
  }
}
