import { describe, expect, test } from 'vitest';
import { file, host, io, MB, process, saturated, suspect } from '../../test/host-samples.ts';
import type { HostSamples, ProcessActivity, ProcessLook, Suspect } from './samples.ts';
import { triage } from './triage.ts';

const waits = (atMs: number): ProcessLook => ({ atMs, state: 'waiting', call: 'write' });
const runs = (atMs: number): ProcessLook => ({ atMs, state: 'running' });
const sleeps = (atMs: number): ProcessLook => ({ atMs, state: 'sleeping' });
const SPENT = { cpuTicks: 9, childCpuTicks: 0, majorFaults: 0, residentPagesBefore: 1, residentPagesAfter: 1 };
const bytes = io({ writtenBytes: 100 * MB });
const looked = (pid: number, course: ProcessLook[], more: Partial<Suspect> = {}): Suspect => ({
  ...suspect(pid, [file(3, '/srv/log', 1, { movedBytes: 100 * MB })]),
  course,
  ...more,
});
const writer = (pid: number, more: Partial<ProcessActivity> = {}): ProcessActivity =>
  process(pid, 'logger', { blockedSamples: 5, io: bytes, ...more });
const culpritOf = (samples: Partial<HostSamples>) =>
  triage(host({ disks: [saturated('sda')], ...samples })).disks[0]?.culprits[0];

describe('the course of a culprit', () => {
  const course = [waits(2000), runs(2750), waits(5000)];

  test('is what was seen of it in each look, and what it was charged before and after the first', () => {
    const spent = { ...SPENT, chargedBytes: { read: 0, write: 90 * MB } };
    expect(culpritOf({ processes: [writer(10)], suspects: [looked(10, course, { spent })] })?.course).toEqual({
      looks: course,
      charged: [
        { fromMs: 0, toMs: 2000, bytesPerSecond: 5 * MB },
        { fromMs: 2000, toMs: 5000, bytesPerSecond: 30 * MB },
      ],
    });
  });

  test('has no bytes where they were not read three times', () => {
    const spent = { ...SPENT, chargedBytes: { read: 0, write: 90 * MB } };
    const chargedOf = (process: ProcessActivity, suspected: Suspect) =>
      culpritOf({ processes: [process], suspects: [suspected] })?.course?.charged;
    expect(chargedOf(writer(10), looked(10, course))).toBeUndefined();
    expect(chargedOf(writer(10), looked(10, [waits(5000), waits(5000)], { spent }))).toBeUndefined();
    expect(chargedOf(writer(10, { seen: 'gone' }), looked(10, course, { spent }))).toBeUndefined();
  });

  test('has its bytes from when the processes were read first, a while after the disks', () => {
    const late = [waits(2500), runs(3250), waits(5500)];
    const spent = { ...SPENT, chargedBytes: { read: 0, write: 90 * MB } };
    expect(culpritOf({ processes: [writer(10)], suspects: [looked(10, late, { spent })] })?.course?.charged).toEqual([
      { fromMs: 500, toMs: 2500, bytesPerSecond: 5 * MB },
      { fromMs: 2500, toMs: 5500, bytesPerSecond: 30 * MB },
    ]);
  });

  test('has what it was charged for children that it reaped on both sides of the first look', () => {
    const spent = { ...SPENT, chargedBytes: { read: 0, write: 60 * MB } };
    const child = process(11, 'cp', { parentPid: 10, seen: 'gone', io: io({ writtenBytes: 50 * MB }) });
    const culprit = culpritOf({ processes: [writer(10), child], suspects: [looked(10, course, { spent })] });
    expect(culprit).toMatchObject({ pid: 10, bytesPerSecond: 10 * MB });
    expect(culprit?.course?.charged?.map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([20 * MB, 20 * MB]);
  });

  test.each([
    ['before', 130 * MB],
    ['after', 0],
  ])('has no bytes where more was cancelled than written %s the first look: by how much is not known', (_, write) => {
    const spent = { ...SPENT, chargedBytes: { read: 0, write } };
    const cancelling = writer(10, { io: io({ writtenBytes: 150 * MB, cancelledBytes: 50 * MB }) });
    expect(culpritOf({ processes: [cancelling], suspects: [looked(10, course, { spent })] })?.course).toEqual({
      looks: course,
    });
  });

  test('tells a moment once, by the busier of two looks', () => {
    const late = looked(10, [sleeps(5000), waits(5000)]);
    expect(culpritOf({ processes: [writer(10)], suspects: [late] })?.course?.looks).toEqual([waits(5000)]);
  });

  test('of a pool counts those of its processes that were looked at', () => {
    const workers = [10, 11, 12, 13].map((pid) => writer(pid, { parentPid: 5, io: io({ writtenBytes: 25 * MB }) }));
    const suspects = [
      looked(10, [waits(2000), sleeps(5000)]),
      looked(11, [waits(2000), { atMs: 5000, state: 'other' }]),
      looked(12, [runs(2000), sleeps(5000)]),
    ];
    const culprit = culpritOf({ processes: workers, suspects });
    expect(culprit).toMatchObject({ group: 'workers', pids: [10, 11, 12, 13] });
    expect(culprit?.course).toEqual({
      looks: [
        { ...waits(2000), inState: 2, processes: 3 },
        { ...sleeps(5000), inState: 2, processes: 3 },
      ],
    });
  });

  test('is absent where nobody was looked at, or no times were kept', () => {
    expect(culpritOf({ processes: [writer(10)], suspects: [looked(10, [])] })).not.toHaveProperty('course');
    const { course: _, ...timeless } = looked(10, []);
    expect(culpritOf({ processes: [writer(10)], suspects: [timeless] })).toMatchObject({ pid: 10 });
    expect(culpritOf({ processes: [writer(10)], suspects: [timeless] })).not.toHaveProperty('course');
  });
});
