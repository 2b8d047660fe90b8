/** What a culprit was seen doing over the window, in words: for a person who does not see the chart, and beside it. */
import type { Course, Culprit } from '../../runner/triage/finding.ts';
import { inCount, inRate, inTime } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import { counted } from './phrases.ts';

export type Look = Course['looks'][number];
export type LookState = Look['state'];

/** State D is nearly always a wait for a disk, but a moment does not say for which. */
export const LOOK_WORDS = {
  waiting: 'blocked (state D)',
  running: 'runs',
  sleeping: 'sleeps',
  other: 'is stopped or ended',
} as const satisfies Record<LookState, string>;

/** The busiest first, in which order they are told. */
export const LOOK_STATES = Object.keys(LOOK_WORDS) as LookState[];

/** "blocked (state D) in write()"; of a group "blocked (state D) in write(), 3 of 4". */
export function lookText({ state, call, inState, processes }: Look): string {
  const where = call === undefined ? '' : ` in ${encodeText(call)}()`;
  return `${LOOK_WORDS[state]}${where}${processes === undefined ? '' : `, ${inState} of ${processes}`}`;
}

/** "5 looks from 2.2 s to 5.2 s: blocked (state D) in 4 (write() 3 times), runs in 1"; undefined where there is no course. */
export function courseText({ course, pids }: Culprit): string | undefined {
  const [first, last] = [course?.looks[0], course?.looks.at(-1)];
  if (!course || !first || !last) return undefined;
  const { looks } = course;
  const most = Math.max(...looks.map(({ processes = 0 }) => processes));
  const whose = most === 0 ? '' : ` at ${inCount(most)} of its ${inCount(pids.length)} processes, the busiest counts`;
  const when = looks.length === 1 ? `at ${inTime(first.atMs)}` : `from ${inTime(first.atMs)} to ${inTime(last.atMs)}`;
  const states = LOOK_STATES.map((state) => stateText(looks, state)).filter((text) => text !== '');
  return `${counted(looks.length, 'look')}${whose}, ${when}: ${states.join(', ')}`;
}

function stateText(looks: readonly Look[], state: LookState): string {
  const ofState = looks.filter((look) => look.state === state);
  if (ofState.length === 0) return '';
  const calls = new Map<string, number>();
  for (const { call } of ofState) if (call !== undefined) calls.set(call, (calls.get(call) ?? 0) + 1);
  const named = [...calls].sort((a, b) => b[1] - a[1]).slice(0, 2);
  const within = named.map(([call, count]) => `${encodeText(call)}() in ${count}`).join(', ');
  return `${LOOK_WORDS[state]} in ${ofState.length}${within === '' ? '' : ` (${within})`}`;
}

/** "charged 45.9 MB/s until 2.2 s and 46 MB/s after that, on all disks"; undefined where two readings are missing. */
export function chargedText({ course }: Culprit): string | undefined {
  const [before, after] = course?.charged ?? [];
  if (!before || !after) return undefined;
  return `charged ${inRate(before.bytesPerSecond)} until ${inTime(before.toMs)} and ${inRate(after.bytesPerSecond)} after that, on all disks`;
}

/** Why a culprit has no course. One that was found before findings had any may well have been looked at. */
export function noCourseText({ group }: Culprit): string {
  return group === 'short-lived'
    ? 'no course: its processes come and go between two looks'
    : 'no course: what it did from moment to moment is not known';
}
