/**
 * What dm and md layers stand on, which iostat does not say: the only disk where there is one, else the one disk that moves as much as
 * the layer does. Nothing where several may be it, as with a RAID.
 */
import type { DiskActivity } from '../triage/samples.ts';
import { isDisk, isLayer } from './device-names.ts';

export interface Layers {
  readonly below: ReadonlyMap<string, string>;
  /** Told by figures alone. */
  readonly guessed: readonly string[];
  /** Layers of which nothing tells what they stand on. */
  readonly unknown: readonly string[];
}

/** So much may the figures of a layer and its disk differ. */
const ALIKE = 0.1;

export function layersOf(disks: readonly DiskActivity[], isPicked: boolean): Layers {
  const real = disks.filter(({ device }) => isDisk(device));
  const below = new Map<string, string>();
  const guessed: string[] = [];
  const unknown: string[] = [];
  for (const layer of disks.filter(({ device }) => isLayer(device))) {
    const [only, ...others] = real;
    const alike = real.filter((disk) => isAlike(disk, layer));
    const [twin, ...twins] = alike;
    if (only && others.length === 0 && !isPicked) below.set(layer.device, only.device);
    else if (twin && twins.length === 0) {
      below.set(layer.device, twin.device);
      guessed.push(`${layer.device} on ${twin.device}`);
    } else unknown.push(layer.device);
  }
  return { below, guessed, unknown };
}

function isAlike(disk: DiskActivity, layer: DiskActivity): boolean {
  const near = (one: number, other: number): boolean => Math.abs(one - other) <= ALIKE * Math.max(one, other);
  return (
    layer.readBytes + layer.writeBytes > 0 &&
    near(disk.readBytes, layer.readBytes) &&
    near(disk.writeBytes, layer.writeBytes)
  );
}
