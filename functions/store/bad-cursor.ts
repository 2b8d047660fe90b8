/** What is said of a place in a list that no list gave out. */
import { StoreProblem } from './problem.ts';

/** Asked for with whatever somebody has sent. */
export function badCursor(): StoreProblem {
  return new StoreProblem('bad-cursor', 'the cursor is not one that a list gave out', 'begin again without a cursor');
}
