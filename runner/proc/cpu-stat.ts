/** The cpuN lines of /proc/stat (proc(5); fs/proc/stat.c), in clock ticks since boot. */
export interface CpuTicks {
  readonly cpu: number;
  readonly user: bigint;
  readonly nice: bigint;
  readonly system: bigint;
  readonly idle: bigint;
  /** Idle while a task that last ran here waits for I/O: idleness with a reason, not load. */
  readonly iowait: bigint;
  readonly irq: bigint;
  readonly softirq: bigint;
  readonly steal: bigint;
}

export function parseCpuStat(text: string): CpuTicks[] {
  const cpus: CpuTicks[] = [];
  for (const line of text.split('\n')) {
    const name = /^cpu(\d{1,5})((?: \d{1,20}){7,})$/.exec(line.trim());
    const ticks = name?.[2]?.trim().split(' ').map(BigInt) ?? [];
    const [user, nice, system, idle, iowait, irq, softirq, steal = 0n] = ticks;
    if (!name || user === undefined || nice === undefined || system === undefined || idle === undefined) continue;
    if (iowait === undefined || irq === undefined || softirq === undefined) continue;
    cpus.push({ cpu: Number(name[1]), user, nice, system, idle, iowait, irq, softirq, steal });
  }
  return cpus;
}
