/** Names that one has at a time. */
import * as z from 'zod';
import { attributesOf, claimKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';
import type { Item, Table } from './table.ts';

/**
 * A claim is one conditional write, so whoever comes at the same moment finds it taken. Its end is told by the clocks of those who claim:
 * between machines give it as much longer as their clocks may differ.
 *
 * @param nowMs epoch milliseconds
 */
export function tableClaims(table: Table, nowMs: () => number): Pick<Store, 'claim' | 'claimed' | 'release'> {
  return {
    async claim(name, holder, untilMs) {
      const key = claimKey(name);
      const mine = holderAttribute(holder);
      const item = {
        ...attributesOf(key),
        holder: mine,
        untilMs: { N: String(Math.round(untilMs)) },
        expiresAt: { N: String(Math.ceil(untilMs / 1000) + SKEW_SECONDS) },
      };
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const outcome = await table.put(item, {
          expression: 'attribute_not_exists(pk) OR untilMs <= :now OR holder = :mine',
          values: { ':now': { N: String(Math.floor(nowMs())) }, ':mine': mine },
        });
        if (outcome === 'stored') return { holder };
        if (outcome instanceof StoreProblem) return outcome;
        // A condition that fails does not say why everywhere (dynalite knows no ReturnValuesOnConditionCheckFailure).
        const present = await table.get(key);
        if (present instanceof StoreProblem) return present;
        const other = present && holderIn(present, nowMs());
        if (other !== undefined) return { holder: other };
        // It became free in between: as free as it was for who asks now.
      }
      return new StoreProblem('busy', 'too many ask for the same thing at the same time', 'try again in a moment');
    },

    async claimed(name) {
      const present = await table.get(claimKey(name));
      return present instanceof StoreProblem ? present : present && holderIn(present, nowMs());
    },

    async release(name, holder) {
      const condition = { expression: 'holder = :mine', values: { ':mine': holderAttribute(holder) } };
      const outcome = await table.remove(claimKey(name), condition);
      return outcome instanceof StoreProblem ? outcome : undefined;
    },
  };
}

/** As JSON, which escapes lone surrogates: compared as it was given, whatever the table makes of text that is no Unicode. */
const holderAttribute = (holder: string): { S: string } => ({ S: JSON.stringify(holder) });

const claimSchema = z.object({
  holder: z.object({ S: z.string() }),
  untilMs: z.object({ N: z.string() }).transform(({ N }) => Number(N)),
});

/** undefined where it has ended; of what cannot be read the text as it stands there, which is nobody's. */
function holderIn(item: Item, nowMs: number): string | undefined {
  const read = claimSchema.safeParse(item);
  if (!read.success || !(read.data.untilMs > Math.floor(nowMs))) return undefined;
  try {
    return z.string().parse(JSON.parse(read.data.holder.S));
  } catch {
    return read.data.holder.S;
  }
}

/** Each try loses to another caller who had the name for no longer than a request takes. */
const MOST_TRIES = 20;
/** DynamoDB must not delete by its clock what has not ended by ours. */
const SKEW_SECONDS = 600;
