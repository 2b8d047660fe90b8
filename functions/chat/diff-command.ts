/** `/whodisk diff`: the newest sweep beside the last one before it that asked for the same. */
import { diffOf } from '../../runner/triage/diff.ts';
import { renderSlackDiff } from '../render/slack-diff.ts';
import { code } from '../render/slack-text.ts';
import { StoreProblem } from '../store/problem.ts';
import { earlierOf, hasEnded } from '../sweep/compared-sweeps.ts';
import { type Answer, type Ask, storeTrouble, words } from './ask.ts';
import { refuse } from './refuse.ts';
import { isWholeSeen, seenPart, seenRows, seenSweeps } from './seen-sweeps.ts';

const MOST_LOOKED_AT = 5;

export async function diffAnswer(ask: Ask): Promise<Answer> {
  const { deps, may, config, command } = ask;
  if (may.hosts.size === 0) return await refuse(ask, ['diff']);
  const sweeps = await seenSweeps(ask);
  if (sweeps instanceof StoreProblem) return storeTrouble(ask, sweeps);
  const pairs = sweeps.filter(hasEnded).flatMap((to) => {
    const from = earlierOf(to, sweeps);
    return from === undefined ? [] : [{ from, to }];
  });
  for (const { from, to } of pairs.slice(0, MOST_LOOKED_AT)) {
    const after = await seenRows(ask, to.id);
    if (after instanceof StoreProblem) return storeTrouble(ask, after);
    const before = await seenRows(ask, from.id);
    if (before instanceof StoreProblem) return storeTrouble(ask, before);
    if (after.length === 0 && before.length === 0) continue;
    return {
      ...renderSlackDiff({
        diff: diffOf(before, after),
        from: seenPart(from, before, ask),
        to: seenPart(to, after, ask),
        nowMs: deps.nowMs(),
        hasAgain: isWholeSeen(to, ask),
        ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
      }),
      inChannel: true,
    };
  }
  const again = code(`${command} ${may.targets[0] ?? '@GROUP'}`);
  return words(`There are no two sweeps of the same targets to compare yet: ${again} makes one.`);
}
