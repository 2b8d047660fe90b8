/** Looks at a culprit's processes → its course over the window. Nothing is made up between two looks, nor before the first. */
import type { Course } from './finding.ts';
import type { LedgerRow } from './ledger.ts';
import type { HostSamples, ProcessLook, Suspect } from './samples.ts';
import { rounded } from './timeline.ts';

/** What a course is made of. */
export type CourseSamples = Pick<HostSamples, 'suspects' | 'processes' | 'processWindowMs'>;

const MOST_LOOKS = 16;

/** undefined where nobody of it was looked at, and of short-lived processes: none of them is there for two looks. */
export function culpritCourse({ load, group }: LedgerRow, samples: CourseSamples): Course | undefined {
  if (load.family && !group) return undefined;
  const alone = group ? undefined : load.suspect;
  const looks = group ? looksTogether(group.pids, samples.suspects) : alone ? oncePerMoment(alone) : [];
  if (looks.length === 0) return undefined;
  const charged = alone && chargedOf(alone, looks, samples);
  return { looks: looks.slice(0, MOST_LOOKS), ...(charged && { charged }) };
}

function looksTogether(pids: readonly number[], suspects: readonly Suspect[]): Course['looks'] {
  const byMoment = new Map<number, ProcessLook[]>();
  for (const look of suspects.filter(({ pid }) => pids.includes(pid)).flatMap(oncePerMoment)) {
    byMoment.set(look.atMs, [...(byMoment.get(look.atMs) ?? []), look]);
  }
  const looks = [...byMoment.values()].map((together) => {
    const busiest = together.reduce(busier);
    const inState = together.filter(({ state }) => state === busiest.state);
    const call = busiest.call ?? inState.find((look) => look.call !== undefined)?.call;
    return { ...busiest, ...(call !== undefined && { call }), inState: inState.length, processes: together.length };
  });
  return looks.sort((a, b) => a.atMs - b.atMs);
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
 * /proc/PID/io is read when the window of the processes opens, when the process is chosen, which is its first look, and at the last look,
 * which closes that window. Of one that came or went in it, or was chosen at its end, these are not three readings. `processes` as they
 * were read: what a parent is charged for its children is part of each reading, whoever is blamed for it.
 */
function chargedOf(
  { pid, startTicks, spent }: Suspect,
  looks: Course['looks'],
  { processes, processWindowMs }: CourseSamples,
): Course['charged'] {
  const [first, last] = [looks[0]?.atMs ?? 0, looks.at(-1)?.atMs ?? 0];
  const opened = Math.max(0, last - processWindowMs);
  const { seen, io } = processes.find((each) => each.pid === pid && each.startTicks === startTicks) ?? {};
  const later = spent?.chargedBytes;
  if (seen !== 'pair' || !io || !later || first <= opened || last <= first) return undefined;
  const after = later.read + later.write;
  const before = io.readBytes + Math.max(0, io.writtenBytes - io.cancelledBytes) - after;
  // It cancelled more than it wrote, before the first look or after it: by how much is not known.
  if (before < 0 || (later.write === 0 && io.cancelledBytes > 0)) return undefined;
  const span = (fromMs: number, toMs: number, bytes: number) => ({
    fromMs,
    toMs,
    bytesPerSecond: rounded((bytes * 1000) / (toMs - fromMs)),
  });
  return [span(opened, first, before), span(first, last, after)];
}
