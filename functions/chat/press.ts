/** A button was pressed. Its value is what anybody could have sent: it names things, and allows nothing. */
import * as z from 'zod';
import { AGAIN_ACTION, DETAILS_ACTION } from '../render/slack-buttons.ts';
import { ULID } from '../render/sweep-time.ts';
import { StoreProblem } from '../store/problem.ts';
import { type Answer, type Ask, storeTrouble, words } from './ask.ts';
import { hostOfSweep } from './host-command.ts';
import { refuse } from './refuse.ts';
import { beginSweep } from './sweep-command.ts';

const sweep = z.string().regex(ULID);
const detailsSchema = z.object({ sweep, host: z.string().min(1).max(300) });
const againSchema = z.object({ sweep });

/** undefined: there is nothing to say, as of a button that only opens a page. */
export async function pressAnswer(ask: Ask, action: string, value: string): Promise<Answer | undefined> {
  switch (action) {
    case DETAILS_ACTION: {
      const read = detailsSchema.safeParse(jsonOf(value));
      if (!read.success) return words(UNKNOWN);
      const { host } = read.data;
      return ask.may.hosts.has(host) ? await hostOfSweep(ask, read.data.sweep, host) : await refuse(ask, [host]);
    }
    case AGAIN_ACTION: {
      const read = againSchema.safeParse(jsonOf(value));
      if (!read.success) return words(UNKNOWN);
      return await sweepAgain(ask, read.data.sweep);
    }
    default:
      return undefined;
  }
}

const UNKNOWN = 'This button is of an earlier whodisk: type the command instead.';

async function sweepAgain(ask: Ask, id: string): Promise<Answer> {
  if (ask.may.hosts.size === 0) return await refuse(ask, ['sweep again']);
  const detail = await ask.deps.store.sweep(id);
  if (detail instanceof StoreProblem) return storeTrouble(ask, detail);
  const asked = detail?.sweep.asked;
  if (detail === undefined || asked === undefined)
    return words('That sweep is not stored any more: type its targets instead.');
  return await beginSweep(ask, asked, detail.sweep.windowSeconds);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
