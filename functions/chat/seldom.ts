/** Says what anybody can bring about, as often as they like, no more than once in a while. */
export type Say = (why: string) => void;

/** The first one is said at once; those that come too soon are counted, and told with the next. */
export function seldom(say: (why: string, unsaid: number) => void, intervalMs: number, nowMs: () => number): Say {
  let nextMs = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (why) => {
    if (nowMs() < nextMs) {
      unsaid += 1;
      return;
    }
    say(why, unsaid);
    unsaid = 0;
    nextMs = nowMs() + intervalMs;
  };
}
