/** /proc/stat twice → percent of the window for each CPU. */
import type { CpuTicks } from '../proc/cpu-stat.ts';
import type { Cpu } from './finding.ts';
import { rounded } from './timeline.ts';

/** CPUs that came or went in the window are left out; a counter that went backwards (iowait may: proc(5)) counts as still. */
export function cpuOf(start: readonly CpuTicks[], end: readonly CpuTicks[]): Cpu | undefined {
  const earlier = new Map(start.map((cpu) => [cpu.cpu, cpu]));
  const perCpu: Cpu['perCpu'] = [];
  for (const after of end) {
    const before = earlier.get(after.cpu);
    if (!before) continue;
    const since = (field: Exclude<keyof CpuTicks, 'cpu'>): number => Math.max(0, Number(after[field] - before[field]));
    const user = since('user') + since('nice');
    const system = since('system') + since('irq') + since('softirq');
    const iowait = since('iowait');
    const steal = since('steal');
    const idle = since('idle');
    const total = user + system + iowait + steal + idle;
    if (total === 0) continue;
    const percent = (ticks: number): number => rounded((100 * ticks) / total);
    perCpu.push({
      cpu: after.cpu,
      userPercent: percent(user),
      systemPercent: percent(system),
      iowaitPercent: percent(iowait),
      stealPercent: percent(steal),
      idlePercent: percent(idle),
    });
  }
  return perCpu.length > 0 ? { perCpu } : undefined;
}
