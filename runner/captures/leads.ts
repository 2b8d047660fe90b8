/**
 * Where to look next when the captures do not suffice: who moves most where no disk could be judged, and who was seen writing where
 * nobody was asked how much. Leads, never blame.
 */
import type { Explanation } from '../triage/finding.ts';
import type { HostSamples, ProcessActivity, Suspect } from '../triage/samples.ts';
import { inCount, inRate } from '../triage/words.ts';

const MOST = 3;
/** Less is housekeeping. */
const MIN_BYTES_PER_SECOND = 1024 * 1024;
const MIN_CALL_BYTES = 1024 * 1024;

export function leadsOf(samples: HostSamples): Explanation[] {
  const { disks, processes, processesRead, suspects } = samples;
  const seconds = samples.processWindowMs / 1000;
  const movers = processes
    .filter(({ isKernelThread, io }) => !isKernelThread && io !== undefined)
    .map((process) => ({ process, rate: bytesOf(process) / seconds }))
    .filter(({ rate }) => rate >= MIN_BYTES_PER_SECOND)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, MOST);
  const [first] = movers;
  if (disks.length === 0 && first) {
    const { command, pid } = first.process;
    return [
      {
        kind: 'lead',
        summary: `${command} ${pid} reads and writes most of those that were seen; whether a disk suffers from that, only iostat -x tells.`,
        evidence: movers.map(
          ({ process, rate }) => `${process.command} ${process.pid} moves ${inRate(rate)} (${samples.ioSource})`,
        ),
      },
    ];
  }
  const writers = processesRead === false ? suspects.flatMap(seenWriting).slice(0, MOST) : [];
  if (writers.length === 0) return [];
  return [
    {
      kind: 'lead',
      summary: 'A traced process writes much at a time; how much of the load that is, only pidstat -d tells.',
      evidence: writers,
    },
  ];
}

const bytesOf = ({ io }: ProcessActivity): number =>
  io ? io.readBytes + Math.max(0, io.writtenBytes - io.cancelledBytes) : 0;

/** Its largest write. */
function seenWriting({ pid, calls, files }: Suspect): string[] {
  const [largest] = calls
    .map(({ value }) => value)
    .filter(({ kind, lengthBytes }) => kind === 'write' && lengthBytes !== undefined && lengthBytes >= MIN_CALL_BYTES)
    .sort((a, b) => (b.lengthBytes ?? 0) - (a.lengthBytes ?? 0));
  if (!largest) return [];
  const file = files.find(({ fd }) => fd === largest.fd);
  const to = file ? `, which is ${file.path}` : '';
  return [
    `process ${pid}: ${largest.name}(fd ${largest.fd}, ${inCount(largest.lengthBytes ?? 0)} bytes)${to} (strace)`,
  ];
}
