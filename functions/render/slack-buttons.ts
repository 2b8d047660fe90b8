/** The buttons below an answer. What comes back when one is pressed is only what we may read again: an id, a name. */
import type { Button, KnownBlock } from '@slack/types';

export const DETAILS_ACTION = 'whodisk-details';
export const AGAIN_ACTION = 'whodisk-again';
/** Slack tells us of it too, though the browser opens the page. */
export const OPEN_ACTION = 'whodisk-open';

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MOST_VALUE = 2000;
const MOST_URL = 3000;

export interface ButtonsView {
  readonly sweep: { readonly id: string; readonly asked?: readonly string[] | undefined };
  readonly publicUrl?: string | undefined;
  readonly hasButtons: boolean;
  /** Default true: whoever sees the message may sweep all that was asked for. */
  readonly hasAgain?: boolean;
}

/** @param worst the host whose details are looked at; absent: there are none */
export function buttonRow(
  { sweep, publicUrl, hasButtons, hasAgain = true }: ButtonsView,
  worst: string | undefined,
): KnownBlock[] {
  const url = publicUrl === undefined ? undefined : `${publicUrl}/sweeps/${encodeURIComponent(sweep.id)}`;
  const elements: Button[] = [
    ...(hasButtons && worst !== undefined ? detailsButton(sweep.id, worst) : []),
    ...(hasButtons && hasAgain && sweep.asked !== undefined
      ? button(AGAIN_ACTION, 'Sweep again', { sweep: sweep.id })
      : []),
    ...(url !== undefined && url.length <= MOST_URL
      ? [{ type: 'button' as const, action_id: OPEN_ACTION, text: label('Open page'), url }]
      : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

export function detailsButton(sweepId: string, host: string): Button[] {
  return button(DETAILS_ACTION, 'Details', { sweep: sweepId, host });
}

function button(action: string, text: string, value: Readonly<Record<string, string>>): Button[] {
  // Whoever escapes or unescapes it on the way changes nothing.
  const json = JSON.stringify(value).replace(/[<>&]/gu, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return json.length > MOST_VALUE ? [] : [{ type: 'button', action_id: action, text: label(text), value: json }];
}

const label = (text: string) => ({ type: 'plain_text' as const, text, emoji: false });
