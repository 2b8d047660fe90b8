/** The processes that were looked at closely, each put together from all the frames that tell of it. */

import { podUidOf } from '../proc/cgroup.ts';
import type { Draft } from '../proc/draft.ts';
import { redacted } from '../redact.ts';
import type { CgroupLimits, Suspect } from '../triage/samples.ts';
import { parseCgroupLimits } from './cglimits.ts';
import { parseCgroupTraffic } from './cgstat.ts';
import { limitPathsOf } from './limit-paths.ts';
import { type Payloads, wordsByKey } from './payloads.ts';
import { parsePods } from './pods.ts';
import { parseSuspect } from './suspect.ts';

const PID_START = /^(\d{1,10}) (\d{1,18})$/;
const MAX_SUSPECTS = 16;

/**
 * At most 16; what does not parse is left out and counted. `machine` is that of `uname -m`: system calls are numbered by it. `lagMs`: how
 * long after the window of the disks that of the processes opened; looks are told by the former.
 */
export function suspectsOf(payloads: Payloads, machine: string, lagMs = 0): { list: Suspect[]; malformed: number } {
  const line = (kind: string, label: string): string | undefined =>
    payloads.text(kind, label)?.split('\n', 1)[0]?.slice(0, 1024) || undefined;
  const users = wordsByKey(payloads.joined('users'));
  const traffic = parseCgroupTraffic(payloads.text('cgstat', 'a') ?? '', payloads.text('cgstat', 'b') ?? '');
  const limits = parseCgroupLimits(payloads.text('cgstat', 'b') ?? payloads.text('cgstat', 'a') ?? '');
  const pods = parsePods(payloads.text('pods') ?? '');
  const list: Suspect[] = [];
  let malformed = 0;
  for (const frame of payloads.all('suspect').slice(0, MAX_SUSPECTS)) {
    const label = PID_START.exec(frame.label);
    if (!label) {
      malformed++;
      continue;
    }
    const text = frame.payload.toString('utf8');
    const parsed = parseSuspect(text, Number(label[1]), Number(label[2]), machine);
    malformed += parsed.malformed;
    // The name only: where the script lies is part of the command line, which is shown on request.
    const program = fileName(line('program', frame.label));
    const commandLine = line('cmdline', frame.label);
    const cgroupTraffic = ofCgroup(traffic, parsed.suspect.cgroup?.path);
    const cgroupLimits = limits.size === 0 ? undefined : limitsOf(limits, limitPathsOf(text));
    const user = users.get(String(parsed.suspect.uid))?.slice(0, 64);
    const suspect: Draft<Suspect> = parsed.suspect;
    if (user) suspect.user = user;
    if (suspect.course) suspect.course = suspect.course.map((look) => ({ ...look, atMs: look.atMs + lagMs }));
    const pod = pods.get(podUidOf(parsed.suspect.cgroup?.path ?? '') ?? '');
    if (pod !== undefined) suspect.pod = pod;
    if (cgroupTraffic) suspect.cgroupTraffic = cgroupTraffic;
    if (cgroupLimits) suspect.cgroupLimits = cgroupLimits;
    if (program !== undefined) suspect.program = program;
    if (commandLine !== undefined) suspect.commandLine = redacted(commandLine);
    list.push(suspect);
  }
  return { list, malformed };
}

const fileName = (path: string | undefined): string | undefined => path?.split('/').findLast((part) => part !== '');

/** Where the hierarchy is mounted differs; the rest of the path is what /proc/PID/cgroup says. The root's figures are everybody's. */
function ofCgroup<T>(byFile: ReadonlyMap<string, T>, path: string | undefined): T | undefined {
  if (path === undefined || path === '/') return undefined;
  const files = [...byFile.keys()].filter((file) => file.endsWith(path)).sort((a, b) => a.length - b.length);
  return files[0] === undefined ? undefined : byFile.get(files[0]);
}

/** Version 1 has a hierarchy for each controller, and a process may be in another cgroup of each. */
function limitsOf(limits: ReadonlyMap<string, CgroupLimits>, paths: readonly string[]): CgroupLimits | undefined {
  const found = [...limits].filter(([file]) => paths.some((path) => file.endsWith(path))).map(([, each]) => each);
  if (found.length === 0) return undefined;
  const { memoryLimitBytes, memoryLimitFile, memoryBytes } =
    found.find((each) => each.memoryLimitBytes !== undefined) ?? {};
  return {
    io: found.flatMap(({ io }) => io),
    ...(memoryLimitBytes !== undefined && { memoryLimitBytes }),
    ...(memoryLimitFile !== undefined && { memoryLimitFile }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
}
