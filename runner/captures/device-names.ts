/**
 * Devices by the names and numbers that tools print, without /sys. Majors that never change are in Documentation/admin-guide/devices.txt;
 * dm, virtio and zram get theirs as they are loaded (234 to 254 and 384 to 511), partitions of many kinds and NVMe share 259.
 */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const PARTITION = /^(.*\d)p\d+$|^((?:sd|hd|vd|xvd|ubd)[a-z]+)\d+$/u;
const DISK =
  /^(?:(?:sd|hd|vd|xvd|ubd)[a-z]+|nvme\d+(?:c\d+)?n\d+|(?:mmcblk|nbd|rbd|drbd|pmem)\d+|dasd[a-z]+|cciss\/\S+|ida\/\S+)$/u;
const SINGLE = /^(?:loop|ram|zram|sr|scd|fd)\d+$/u;

/** A disk of its own, not a layer, and not in memory. */
export const isDisk = (name: string): boolean => DISK.test(name);

/** The disk that a name is a partition of, among those that are listed. */
export function diskOfPartition(name: string, listed: ReadonlySet<string>): string | undefined {
  const [, numbered, lettered] = PARTITION.exec(name) ?? [];
  const disk = numbered ?? lettered;
  return disk !== undefined && listed.has(disk) ? disk : undefined;
}

/** dm and md by their kernel names, or a name that iostat -N took from /dev/mapper. */
export const isLayer = (name: string): boolean => !isDisk(name) && !SINGLE.test(name);

/** 0 → "a", 26 → "aa". */
function letters(index: number): string {
  const last = LETTERS[index % 26] ?? '';
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

const SCSI_MAJORS = [8, 65, 66, 67, 68, 69, 70, 71, 128, 129, 130, 131, 132, 133, 134, 135];

/** MAJOR:MINOR of a whole disk where the name alone tells it. */
export function numberOfDisk(name: string): string | undefined {
  const tail = /^sd([a-z]{1,2})$/u.exec(name)?.[1];
  if (tail !== undefined) {
    const index = [...tail].reduce((sum, letter) => sum * 26 + LETTERS.indexOf(letter) + 1, 0) - 1;
    const major = SCSI_MAJORS[index >> 4];
    return major === undefined ? undefined : `${major}:${(index & 15) * 16}`;
  }
  const loop = /^loop(\d{1,3})$/u.exec(name)?.[1];
  return loop === undefined ? undefined : `7:${loop}`;
}

/** The one of the listed whole devices that holds a file system of this number; undefined where several may, or none. */
export function deviceOfNumber(number: string, listed: readonly string[]): string | undefined {
  const [major = 0, minor = 0] = number.split(':').map(Number);
  const may = new Set<string>();
  const scsi = SCSI_MAJORS.indexOf(major);
  if (scsi >= 0) may.add(`sd${letters(scsi * 16 + (minor >> 4))}`);
  else if (major === 3 || major === 22) may.add(`hd${letters((major === 22 ? 2 : 0) + (minor >> 6))}`);
  else if (major === 7) may.add(`loop${minor}`);
  else if (major === 9) may.add(`md${minor}`);
  else if (major === 179) may.add(`mmcblk${minor >> 3}`);
  else if (major === 202) may.add(`xvd${letters(minor >> 4)}`);
  else if (major === 259) for (const name of listed) if (/^(?:nvme|pmem)/u.test(name)) may.add(name);
  if ((major >= 234 && major <= 254) || (major >= 384 && major <= 511)) {
    may
      .add(`dm-${minor}`)
      .add(`vd${letters(minor >> 4)}`)
      .add(`zram${minor}`);
    // One that iostat -N shows by a name of its own may be any of dm.
    for (const name of listed) if (isLayer(name) && !/^(?:dm-|md)\d/u.test(name)) may.add(name);
  }
  const known = listed.filter((name) => may.has(name));
  return known.length === 1 ? known[0] : undefined;
}
