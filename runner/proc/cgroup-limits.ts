/**
 * What a cgroup holds its processes to: io.max and memory.max of version 2 (Documentation/admin-guide/cgroup-v2.rst), and
 * blkio.throttle.* and memory.limit_in_bytes of version 1 (cgroup-v1/blkio-controller.rst, cgroup-v1/memory.rst).
 */
export interface IoLimit {
  /** MAJOR:MINOR of a whole device. */
  readonly number: string;
  readonly direction: 'read' | 'write';
  readonly of: 'bytes' | 'operations';
  /** A second. */
  readonly perSecond: number;
}

const KEYS = {
  rbps: ['read', 'bytes'],
  wbps: ['write', 'bytes'],
  riops: ['read', 'operations'],
  wiops: ['write', 'operations'],
} as const;

/** `8:16 rbps=max wbps=20971520 riops=max wiops=max`: what is "max" is no limit. undefined for a line of another form. */
export function parseIoMax(line: string): IoLimit[] | undefined {
  const number = /^(\d{1,6}:\d{1,9}) /.exec(line)?.[1];
  if (number === undefined) return undefined;
  return Object.entries(KEYS).flatMap(([key, [direction, of]]) => {
    const value = new RegExp(` ${key}=(\\d{1,15})(?= |$)`).exec(line)?.[1];
    return value === undefined ? [] : [{ number, direction, of, perSecond: Number(value) }];
  });
}

/** `file` is `blkio.throttle.write_bps_device` or the like, a line of it `8:16 20971520`. undefined for any other file or line. */
export function parseThrottle(file: string, line: string): IoLimit[] | undefined {
  const [, direction, unit] = /^blkio\.throttle\.(read|write)_(bps|iops)_device$/.exec(file) ?? [];
  const [, number, value] = /^(\d{1,6}:\d{1,9}) (\d{1,15})$/.exec(line) ?? [];
  if (direction === undefined || number === undefined) return undefined;
  const of = unit === 'bps' ? 'bytes' : 'operations';
  return [{ number, direction: direction as IoLimit['direction'], of, perSecond: Number(value) }];
}

/** Version 1 prints the largest multiple of a page for "no limit" (mm/memcontrol-v1.c, PAGE_COUNTER_MAX). */
const NO_LIMIT = 2 ** 62;

/** A count of bytes; undefined for "max", what version 1 prints for it, and anything else. */
export function parseBytes(text: string): number | undefined {
  const bytes = /^\d{1,19}$/.test(text) ? Number(text) : NO_LIMIT;
  return bytes < NO_LIMIT ? bytes : undefined;
}
