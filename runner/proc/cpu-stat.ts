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

const LINE = /^cpu(\d{1,5})((?: \d{1,20}){7,})$/;

export function parseCpuStat(text: string): CpuTicks[] {
  const cpus: CpuTicks[] = [];
  for (const line of text.split('\n')) {
    const found = LINE.exec(line.trim());
    if (!found) continue;
    // The first piece is what stands before the first space: nothing.
    const fields = (found[2] as string).split(' ');
    const ticks = (column: number): bigint => BigInt(fields[column] ?? 0);
    cpus.push({
      cpu: Number(found[1]),
      user: ticks(1),
      nice: ticks(2),
      system: ticks(3),
      idle: ticks(4),
      iowait: ticks(5),
      irq: ticks(6),
      softirq: ticks(7),
      steal: ticks(8),
    });
  }
  return cpus;
}
