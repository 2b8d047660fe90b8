import { describe, expect, test } from 'vitest';
import { parseCgroupIo } from './cgroup-io.ts';

describe('parseCgroupIo', () => {
  test('reads what a cgroup has moved on one device', () => {
    expect(parseCgroupIo('8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0')).toEqual({
      number: '8:16',
      readBytes: 1459200n,
      writtenBytes: 314773504n,
    });
  });

  test('takes the keys in any order, and u64 as it is', () => {
    expect(parseCgroupIo('254:0 wbytes=18446744073709551615 rbytes=0')?.writtenBytes).toBe(18446744073709551615n);
  });

  test.each([
    '',
    '8:16 rbps=2097152 wiops=120',
    '8:16',
    '8:16 rbytes=-1 wbytes=1',
    '8:16 rbytes=1',
    '(unknown) rbytes=1 wbytes=1',
    '8:16 xrbytes=1 wbytes=1',
  ])('leaves %j out', (line) => {
    expect(parseCgroupIo(line)).toBeUndefined();
  });
});
