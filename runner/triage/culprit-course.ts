/** Looks at a culprit's processes → its course over the window. Nothing is made up between two looks, nor before the first. */
import type { Course } from './finding.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessActivity, ProcessLook, Suspect } from './samples.ts';
import { rounded } from './timeline.ts';

const MOST_LOOKS = 16;

/**
 * undefined where nobody of it was looked at, and of short-lived processes: none of them is there for two looks. `suspects`: of the host.
 */
export function culpritCourse({ load, group }: LedgerRow, suspects: readonly Suspect[]): Course | undefined {
  if (load.family && !group) return undefined;
  if (!group) {
    const looks = load.suspect === undefined ? [] : oncePerMoment(load.suspect);
    const charged = load.suspect && chargedOf(load.process, load.suspect, looks);
    return looks.length === 0 ? undefined : { looks: looks.slice(0, MOST_LOOKS), ...(charged && { charged }) };
  }
  const byMoment = new Map<number, ProcessLook[]>();
  for (const look of suspects.filter(({ pid }) => group.pids.includes(pid)).flatMap(oncePerMoment)) {
    byMoment.set(look.atMs, [...(byMoment.get(look.atMs) ?? []), look]);
  }
  const looks = [...byMoment.values()].map((together) => {
    const busiest = together.reduce(busier);
    const inState = together.filter(({ state }) => state === busiest.state);
    const call = busiest.call ?? inState.find((look) => look.call !== undefined)?.call;
    return { ...busiest, ...(call !== undefined && { call }), inState: inState.length, processes: together.length };
  });
  return looks.length === 0 ? undefined : { looks: looks.sort((a, b) => a.atMs - b.atMs).slice(0, MOST_LOOKS) };
}

const RANK = { waiting: 3, running: 2, sleeping: 1, other: 0 } as const;
const busier = (a: ProcessLook, b: ProcessLook): ProcessLook => (RANK[b.state] > RANK[a.state] ? b : a);

/** Whoever is chosen at the end of the window is looked at twice at once. */
function oncePerMoment({ course = [] }: Suspect): ProcessLook[] {
  const moments = new Map<number, ProcessLook>();
  for (const look of course) moments.set(look.atMs, busier(moments.get(look.atMs) ?? look, look));
  return [...moments.values()];
}

/**
 * /proc/PID/io is read at the opening, when the process is chosen, which is its first look, and at the end. Of one that came or went in
 * the window, or was chosen at its end, these are not three readings.
 */
function chargedOf(
  { seen, io }: ProcessActivity,
  { spent }: Suspect,
  looks: readonly ProcessLook[],
): Course['charged'] {
  const [first, last] = [looks[0]?.atMs ?? 0, looks.at(-1)?.atMs ?? 0];
  const later = spent?.chargedBytes;
  if (seen !== 'pair' || !io || !later || first <= 0 || last <= first) return undefined;
  const after = later.read + later.write;
  const before = Math.max(0, io.readBytes + Math.max(0, io.writtenBytes - io.cancelledBytes) - after);
  const span = (fromMs: number, toMs: number, bytes: number) => ({
    fromMs,
    toMs,
    bytesPerSecond: rounded((bytes * 1000) / (toMs - fromMs)),
  });
  return [span(0, first, before), span(first, last, after)];
}
