/**
 * The ceiling of a volume: throughput or operations that stay the same all through the window while requests queue were cut off by
 * the volume, not by the program. Cloud volumes are sold with such a limit, and known by the model that they show.
 */
import type { Disk } from './finding.ts';
import type { DiskTick } from './samples.ts';
import { inBytes, inCount } from './words.ts';

/** Spans of about a second: a request may end in one tick or the next. */
const SPAN_MS = 900;
const MIN_SPANS = 4;
/** Standard deviation over mean. */
const FLAT = 0.1;
const MIN_QUEUE = 2;
const SMALL_REQUEST_BYTES = 64 * 1024;

/** What a model string says of whose volume it is (as these show it in /sys/block/X/device/model). */
const VOLUMES: readonly (readonly [RegExp, string])[] = [
  [/amazon elastic block store/i, 'Amazon EBS volume'],
  [/amazon ec2 nvme instance storage/i, 'Amazon EC2 instance storage'],
  [/persistentdisk|nvme_card-pd/i, 'Google persistent disk'],
  [/^nvme_card/i, 'Google local SSD'],
  [/msft|virtual disk|microsoft nvme/i, 'Azure or Hyper-V disk'],
  [/blockvolume/i, 'Oracle block volume'],
  [/alibaba|alicloud/i, 'Alibaba cloud disk'],
  [/vmware/i, 'VMware virtual disk'],
  [/qemu|virtio/i, 'virtual disk of QEMU'],
];

export const volumeOf = (model: string | undefined): string | undefined =>
  model === undefined ? undefined : VOLUMES.find(([pattern]) => pattern.test(model.trim()))?.[1];

/** Of a saturated disk; undefined where nothing stayed flat, or too little was seen. */
export function ceilingOf(ticks: readonly DiskTick[], queueDepth: number, model: string | undefined): Disk['ceiling'] {
  const spans = spansOf(ticks);
  if (spans.length < MIN_SPANS || queueDepth < MIN_QUEUE) return undefined;
  const operations = flatness(spans.map(({ count, ms }) => (count * 1000) / ms));
  const bytes = flatness(spans.map((span) => (span.bytes * 1000) / span.ms));
  const requestBytes = bytes.mean / Math.max(operations.mean, 1e-9);
  const isOfBytes = requestBytes >= SMALL_REQUEST_BYTES;
  const [of, flat] = isOfBytes ? (['bytes', bytes] as const) : (['operations', operations] as const);
  if (flat.deviation > FLAT || flat.mean <= 0) return undefined;
  const volume = volumeOf(model);
  const figure = of === 'bytes' ? `${inBytes(flat.mean)}/s` : `${inCount(flat.mean)} operations/s`;
  return {
    of,
    perSecond: Math.round(flat.mean * 100) / 100,
    ...(volume !== undefined && { volume }),
    summary: `${figure}, flat: a limit of the volume${volume === undefined ? '' : ` (${volume})`}, not of the program`,
  };
}

interface Span {
  readonly ms: number;
  readonly count: number;
  readonly bytes: number;
}

function spansOf(ticks: readonly DiskTick[]): Span[] {
  const spans: Span[] = [];
  let [ms, count, bytes] = [0, 0, 0];
  for (const tick of ticks) {
    ms += tick.elapsedMs;
    count += tick.reads + tick.writes;
    bytes += tick.readBytes + tick.writeBytes;
    if (ms < SPAN_MS) continue;
    spans.push({ ms, count, bytes });
    [ms, count, bytes] = [0, 0, 0];
  }
  return spans;
}

function flatness(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean <= 0) return { mean: 0, deviation: 0 };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) / mean };
}
