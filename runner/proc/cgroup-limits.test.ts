import { describe, expect, test } from 'vitest';
import { parseBytes, parseIoMax, parseThrottle } from './cgroup-limits.ts';

describe('what a cgroup is held to', () => {
  test('io.max of version 2: only what is not "max"', () => {
    expect(parseIoMax('8:16 rbps=max wbps=20971520 riops=100 wiops=max')).toEqual([
      { number: '8:16', direction: 'write', of: 'bytes', perSecond: 20971520 },
      { number: '8:16', direction: 'read', of: 'operations', perSecond: 100 },
    ]);
  });
  test('blkio.throttle of version 1', () => {
    expect(parseThrottle('blkio.throttle.write_bps_device', '7:1 20971520')).toEqual([
      { number: '7:1', direction: 'write', of: 'bytes', perSecond: 20971520 },
    ]);
    expect(parseThrottle('blkio.throttle.read_iops_device', '7:1 50')).toMatchObject([
      { direction: 'read', of: 'operations' },
    ]);
  });
  test.each(['', 'max', '8:16', 'x 1', '8:16 -1'])('what does not parse is no limit: %j', (line) => {
    expect(parseThrottle('blkio.throttle.write_bps_device', line)).toBeUndefined();
    expect(parseThrottle('memory.max', '8:16 1')).toBeUndefined();
  });
  test('bytes, and the two ways to say "no limit"', () => {
    expect(parseBytes('104857600')).toBe(104857600);
    for (const text of ['max', '9223372036854771712', '', '-1', '1e3']) expect(parseBytes(text)).toBeUndefined();
  });
});
