/** What a recorded answer says of the kernel it was recorded under, without what tells of that one machine. */
import type { Frame } from '../../runner/bundle/frames.ts';
import { editLines } from './replay-host.ts';

/** undefined where the frame is about something else. */
export function publicKernel(frame: Frame): Frame | undefined {
  if (frame.kind !== 'file') return undefined;
  switch (frame.label.slice(2)) {
    case '/proc/sys/kernel/random/boot_id':
      return editLines(frame, () => '5f0b1f6a-3c1e-4d53-9f5e-0c2d8f1e7a11');
    case '/proc/sys/kernel/osrelease':
      return editLines(frame, (line) => line.replace(/^(\d+\.\d+\.\d+).*/, '$1'));
    default:
      return undefined;
  }
}
