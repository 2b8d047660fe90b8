/** What a device moves by itself: layers that stand on it do so too, and their bytes are counted again below them. */
import type { DeviceTree } from './device-tree.ts';
import type { Direction } from './placement.ts';
import type { DiskActivity } from './samples.ts';

/** What a device does for itself: its traffic without that of the layers which stand on it. Bytes a second. */
export function ownTraffic(
  activities: readonly DiskActivity[],
  tree: DeviceTree,
): Readonly<Record<Direction, ReadonlyMap<string, number>>> {
  const own = { read: new Map<string, number>(), write: new Map<string, number>() };
  for (const { device, readBytes, writeBytes, elapsedMs } of activities) {
    own.read.set(device, readBytes / (elapsedMs / 1000));
    own.write.set(device, writeBytes / (elapsedMs / 1000));
  }
  for (const { device, readBytes, writeBytes, elapsedMs } of activities) {
    const lower = tree.below(device);
    // Only the layer right below carries it once; further down it is already inside that layer's own figure.
    const direct = lower.filter((name) => !lower.some((other) => other !== name && tree.below(other).includes(name)));
    for (const name of direct) {
      take(own.read, name, readBytes / (elapsedMs / 1000) / direct.length);
      take(own.write, name, writeBytes / (elapsedMs / 1000) / direct.length);
    }
  }
  return own;
}

/** Never below nothing. */
export function take(traffic: Map<string, number>, device: string, bytesPerSecond: number): void {
  traffic.set(device, Math.max(0, (traffic.get(device) ?? 0) - bytesPerSecond));
}
