/** A host made by hand, judged: for tests of who is named on its first disk, and how surely. */
import type { Disk, Finding } from '../runner/triage/finding.ts';
import type { HostSamples, Spent, Suspect } from '../runner/triage/samples.ts';
import { triage } from '../runner/triage/triage.ts';
import { host, MB } from './host-samples.ts';

export const GB = 1024 * MB;

export function judged(more: Partial<HostSamples>): { finding: Finding; sda: Disk } {
  const finding = triage(host(more));
  const sda = finding.disks.find(({ device }) => device === 'sda');
  if (!sda) throw new Error('no sda');
  return { finding, sda };
}

/** "50 high": who is named, and how surely. */
export const names = ({ culprits }: Disk): string[] => culprits.map(({ pid, confidence }) => `${pid} ${confidence}`);

type Call = Suspect['calls'][number];

export const met = (
  kind: Call['value']['kind'],
  name: string,
  count: number,
  more: Partial<Call['value']> = {},
): Call => ({
  count,
  value: { kind, name, ...more },
});

/** Nothing, unless the test says what. */
export const spent = (more: Partial<Spent> = {}): Spent => ({
  cpuTicks: 0,
  childCpuTicks: 0,
  majorFaults: 0,
  residentPagesBefore: 1000,
  residentPagesAfter: 1000,
  childFaults: 0,
  chargedBytes: { read: 0, write: 0 },
  ...more,
});

export const READS = { reads: true, writes: false, direct: false, sync: false, append: false };
export const BOTH_WAYS = { ...READS, writes: true };
export const DIRECT = { ...BOTH_WAYS, direct: true };
