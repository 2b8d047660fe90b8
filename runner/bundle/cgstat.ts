/** The two `cgstat` frames: what the suspects' cgroups say of themselves, as `PATH:LINE`, and what came to it between the frames. */
import { type CgroupIo, parseCgroupIo } from '../proc/cgroup-io.ts';
import type { CgroupTraffic } from '../triage/samples.ts';

const MAX_LINES = 500;

/** Path of the cgroup below its mount point and beyond → traffic between the frames. A counter that went back has none. */
export function parseCgroupTraffic(start: string, end: string): Map<string, CgroupTraffic[]> {
  const before = readLines(start);
  const [startMs, endMs] = [uptimeMs(start), uptimeMs(end)];
  const elapsed = startMs !== undefined && endMs !== undefined && endMs > startMs ? { elapsedMs: endMs - startMs } : {};
  const traffic = new Map<string, CgroupTraffic[]>();
  for (const [path, devices] of readLines(end)) {
    const earlier = before.get(path);
    if (!earlier) continue;
    const rows = devices.flatMap((after): CgroupTraffic[] => {
      const first = earlier.find(({ number }) => number === after.number);
      const readBytes = Number(after.readBytes - (first?.readBytes ?? 0n));
      const writtenBytes = Number(after.writtenBytes - (first?.writtenBytes ?? 0n));
      return readBytes < 0 || writtenBytes < 0 ? [] : [{ number: after.number, readBytes, writtenBytes, ...elapsed }];
    });
    traffic.set(path, rows);
  }
  return traffic;
}

/** The first line of a frame says when it was read. */
function uptimeMs(text: string): number | undefined {
  const found = /^uptime (\d{1,10})\.(\d{2})(?:\n|$)/.exec(text);
  return found ? Number(found[1]) * 1000 + Number(found[2]) * 10 : undefined;
}

function readLines(text: string): Map<string, CgroupIo[]> {
  const byPath = new Map<string, CgroupIo[]>();
  for (const line of text.split('\n').slice(0, MAX_LINES)) {
    const [, path, rest] = /^(\/.{1,1024}?)\/io\.stat:(.*)$/.exec(line) ?? [];
    const row = rest === undefined ? undefined : parseCgroupIo(rest);
    if (path !== undefined && row) byPath.set(path, [...(byPath.get(path) ?? []), row]);
  }
  return byPath;
}
