import { describe, expect, test } from 'vitest';
import { parseCgroupTraffic } from './cgstat.ts';

const file = '/sys/fs/cgroup/system.slice/db.service';

describe('parseCgroupTraffic', () => {
  test('is what came to each device between the two frames', () => {
    const traffic = parseCgroupTraffic(
      `${file}/io.stat:8:0 rbytes=100 wbytes=1000 rios=1 wios=1 dbytes=0 dios=0\n${file}/io.max:8:0 wbps=100\n`,
      `${file}/io.stat:8:0 rbytes=150 wbytes=5000 rios=1 wios=1 dbytes=0 dios=0\n${file}/io.stat:8:16 rbytes=7 wbytes=0 rios=1 wios=0`,
    );
    expect([...traffic]).toEqual([
      [
        file,
        [
          { number: '8:0', readBytes: 50, writtenBytes: 4000 },
          { number: '8:16', readBytes: 7, writtenBytes: 0 },
        ],
      ],
    ]);
  });

  test('has nothing of a cgroup seen once, and none of a counter that went back', () => {
    expect(parseCgroupTraffic('', `${file}/io.stat:8:0 rbytes=1 wbytes=1`).size).toBe(0);
    const back = parseCgroupTraffic(`${file}/io.stat:8:0 rbytes=9 wbytes=9`, `${file}/io.stat:8:0 rbytes=1 wbytes=10`);
    expect(back.get(file)).toEqual([]);
  });

  test('leaves rubbish out', () => {
    expect(parseCgroupTraffic('x', '__proto__/io.stat:8:0 rbytes=1 wbytes=1\n/a/io.stat:nonsense').size).toBe(0);
  });
});
