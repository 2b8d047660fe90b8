/** How long a disk has been busy. */

/**
 * Milliseconds since it came to be, in which it had requests: field 10 of its line in /proc/diskstats
 * (Documentation/admin-guide/iostats.rst). Pure.
 *
 * @throws Error where the text has no such disk
 */
export function busyMsOf(diskstats: string, disk: string): number {
  const line = diskstats
    .split('\n')
    .map((text) => text.trim().split(/\s+/u))
    .find((fields) => fields[2] === disk);
  if (line === undefined) throw new Error(`there is no ${disk} in /proc/diskstats`);
  return Number(line[12]);
}
