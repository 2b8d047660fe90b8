/** Why a name is sure, or what is missing where it is not. */
import type { Culprit } from '../../runner/triage/finding.ts';
import { encodeText } from './encode.ts';

/** As confidence.ts of runner/triage says it; a finding of an older version does not. */
export function whySure({ confidence, activity, evidence }: Culprit): string {
  const doubts = evidence.find((text) => text.startsWith(NOT_SURE));
  if (doubts !== undefined) return encodeText(doubts.slice(NOT_SURE.length));
  return activity === 'swap' && confidence === 'high'
    ? 'it alone holds most of what memory is wanted for, and it was at work on it'
    : CONFIDENCE[confidence];
}

const NOT_SURE = 'not sure: ';

const CONFIDENCE = {
  high: 'it was seen at work on this disk, and little of the load is unexplained',
  medium: 'either it was not seen at work on this disk, or part of the load is unexplained',
  low: 'it fits, but too little was seen to be sure',
} as const satisfies Record<Culprit['confidence'], string>;
