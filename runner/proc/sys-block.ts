/**
 * /sys/block (Documentation/ABI/stable/sysfs-block), as `PATH:VALUE` lines and bare paths of `slaves` links: what a block device is
 * and what it stands on.
 */
export interface BlockDevice {
  readonly name: string;
  /** MAJOR:MINOR */
  readonly number?: string;
  readonly rotational?: boolean;
  readonly model?: string;
  readonly scheduler?: string;
  /** The file below a loop device. */
  readonly backingFile?: string;
  /** The name that a person gave a dm device. */
  readonly dmName?: string;
  /** Devices below a dm or md device: disks or partitions. */
  readonly slaves: readonly string[];
  /** MAJOR:MINOR of each partition, by its name. */
  readonly partitions: ReadonlyMap<string, string>;
}

interface Draft {
  readonly values: Map<string, string>;
  readonly slaves: string[];
  readonly partitions: Map<string, string>;
}

/** /proc/diskstats prints cciss/c0d0 where sysfs, whose names are those of directories, has cciss!c0d0. */
const kernelName = (sysfsName: string): string => sysfsName.replaceAll('!', '/');

/** More devices than this have no place in one answer, and every one of them is compared with the others. */
const MAX_DEVICES = 512;

export function parseSysBlock(text: string): BlockDevice[] {
  const devices = new Map<string, Draft>();
  for (const line of text.split('\n')) {
    const found = /^\/sys\/block\/([^/:]{1,64})\/([^:]{1,128})(?::(.*))?$/.exec(line);
    if (!found) continue;
    const name = found[1] as string;
    const attribute = found[2] as string;
    const value = found[3]?.trim();
    if (!devices.has(name) && devices.size >= MAX_DEVICES) continue;
    const device: Draft = devices.get(name) ?? { values: new Map(), slaves: [], partitions: new Map() };
    devices.set(name, device);
    const slave = /^slaves\/([^/]+)$/.exec(attribute)?.[1];
    const partition = /^([^/]+)\/dev$/.exec(attribute)?.[1];
    if (slave !== undefined) device.slaves.push(kernelName(slave));
    // `device/dev` of an NVMe disk is the character device of its controller.
    else if (value !== undefined && partition?.startsWith(name)) device.partitions.set(kernelName(partition), value);
    else if (value !== undefined) device.values.set(attribute, value);
  }
  return [...devices].map(([sysfsName, { values, slaves, partitions }]) => {
    const name = kernelName(sysfsName);
    const text = (attribute: string): string | undefined => values.get(attribute) || undefined;
    const number = text('dev');
    const rotational = text('queue/rotational');
    const model = text('device/model');
    // The scheduler in force stands in brackets.
    const scheduler = /\[([^\]]+)\]/.exec(text('queue/scheduler') ?? '')?.[1];
    const backingFile = text('loop/backing_file');
    const dmName = text('dm/name');
    return {
      name,
      slaves,
      partitions,
      ...(number !== undefined && { number }),
      ...(rotational !== undefined && { rotational: rotational === '1' }),
      ...(model !== undefined && { model }),
      ...(scheduler !== undefined && { scheduler }),
      ...(backingFile !== undefined && { backingFile }),
      ...(dmName !== undefined && { dmName }),
    };
  });
}
