import { expect, test } from 'vitest';
import { parseCpuStat } from '../proc/cpu-stat.ts';
import { cpuOf } from './cpu.ts';

const cpus = (text: string) => parseCpuStat(text);

test('percent of the window for each CPU; nice counts as user, interrupts as system', () => {
  expect(cpuOf(cpus('cpu0 100 0 100 1000 100 0 0 0'), cpus('cpu0 110 10 120 1010 140 5 5 0'))).toEqual({
    perCpu: [{ cpu: 0, userPercent: 20, systemPercent: 30, iowaitPercent: 40, stealPercent: 0, idlePercent: 10 }],
  });
});

test('an iowait that went backwards, as it may, is not a negative percentage', () => {
  expect(cpuOf(cpus('cpu0 100 0 0 0 100 0 0 0'), cpus('cpu0 200 0 0 0 90 0 0 0'))?.perCpu[0]).toMatchObject({
    userPercent: 100,
    iowaitPercent: 0,
  });
});

test('a CPU that came, went or stood still has no percentages', () => {
  const start = cpus('cpu0 1 0 0 0 0 0 0 0\ncpu1 1 0 0 0 0 0 0 0');
  expect(cpuOf(start, cpus('cpu1 1 0 0 0 0 0 0 0\ncpu2 5 0 0 0 0 0 0 0'))).toBeUndefined();
});
