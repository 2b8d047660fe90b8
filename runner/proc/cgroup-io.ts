/**
 * io.stat of a cgroup (Documentation/admin-guide/cgroup-v2.rst, "IO Interface Files"): bytes by device since the cgroup began, with
 * buffered writes charged to the cgroup that owns the pages. Lines are `MAJOR:MINOR rbytes=N wbytes=N …`; keys may come in any order.
 */
export interface CgroupIo {
  /** MAJOR:MINOR of a whole device. */
  readonly number: string;
  readonly readBytes: bigint;
  readonly writtenBytes: bigint;
}

/** undefined for a line of another form: io.max has the same beginning. */
export function parseCgroupIo(line: string): CgroupIo | undefined {
  const number = /^(\d{1,6}:\d{1,9}) /.exec(line)?.[1];
  const value = (key: string): string | undefined => new RegExp(` ${key}=(\\d{1,20})(?= |$)`).exec(line)?.[1];
  const [readBytes, writtenBytes] = [value('rbytes'), value('wbytes')];
  if (number === undefined || readBytes === undefined || writtenBytes === undefined) return undefined;
  return { number, readBytes: BigInt(readBytes), writtenBytes: BigInt(writtenBytes) };
}
