/**
 * The size of a page of the host's memory. x86 has 4 KB; kernels for other machines are built for 4, 16 or 64 KB (arch/arm64/Kconfig,
 * arch/powerpc/Kconfig), and a process tells which: /proc/PID/stat counts its resident pages, VmRSS of status says them in kB.
 */
import type { Suspect } from '../triage/samples.ts';

const SIZES = [4096, 16_384, 65_536] as const;
/** The two are read one after the other, and the kernel counts a few pages late. */
const MAX_ERROR = 0.3;

/** `machine` is that of `uname -m`. undefined where nothing tells. */
export function pageBytesOf(machine: string, suspects: readonly Suspect[]): number | undefined {
  if (machine === 'x86_64' || /^i[3-6]86$/.test(machine)) return SIZES[0];
  const votes = suspects.flatMap(({ residentBytes = 0, spent }) => {
    const ratio = residentBytes / Math.max(1, spent?.residentPagesBefore ?? 0);
    return SIZES.filter((size) => Math.abs(ratio / size - 1) <= MAX_ERROR);
  });
  const [first] = votes;
  return votes.every((size) => size === first) ? first : undefined;
}
