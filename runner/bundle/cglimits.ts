/** A `cgstat` frame: the limits that the suspects' cgroups are held to, as `PATH/FILE:LINE`. Their form is proc/cgroup-limits.ts. */
import { type IoLimit, parseBytes, parseIoMax, parseThrottle } from '../proc/cgroup-limits.ts';
import type { Draft } from '../proc/draft.ts';
import type { CgroupLimits } from '../triage/samples.ts';

const MAX_LINES = 500;

/** Path of the cgroup below its mount point and beyond → its limits; without those that have none. */
export function parseCgroupLimits(text: string): Map<string, CgroupLimits> {
  const byPath = new Map<string, Draft<CgroupLimits> & { io: (IoLimit & { file: string })[] }>();
  for (const line of text.split('\n').slice(0, MAX_LINES)) {
    const [, path, file, rest] = /^(\/.{1,1024}?)\/([a-z_.]{3,40}):(.*)$/.exec(line) ?? [];
    if (path === undefined || file === undefined || rest === undefined) continue;
    const known = byPath.get(path) ?? { io: [] };
    const io = file === 'io.max' ? parseIoMax(rest) : parseThrottle(file, rest);
    const bytes = parseBytes(rest);
    if (io) known.io.push(...io.map((limit) => ({ ...limit, file: `${path}/${file}` })));
    else if (bytes === undefined) continue;
    else if (file === 'memory.max' || file === 'memory.limit_in_bytes') {
      known.memoryLimitBytes = bytes;
      known.memoryLimitFile = `${path}/${file}`;
    } else if (file === 'memory.current' || file === 'memory.usage_in_bytes') known.memoryBytes = bytes;
    else continue;
    byPath.set(path, known);
  }
  return byPath;
}
