import { describe, expect, it } from 'vitest';
import { healthyHost, refused, saturatedHost, sda } from '../../test/findings.ts';
import { chainLinks } from './chain-view.ts';
import { STRIP_HEIGHT, stripsOf, windowMs } from './strips-view.ts';

describe('the chain of a case', () => {
  it('leads from the CPU that waits over disk, process and call to the file', () => {
    expect(chainLinks(saturatedHost('db-1')).map(({ name, figure, detail }) => [name, figure, detail])).toEqual([
      ['CPU wait', '93 %', 'of the time cpu0 waits for I/O'],
      ['disk', 'sda', '99.2 % busy, queue 1,102, await 7.3 s'],
      ['process', 'python 18940', 'logtest.py: 98 % of the bytes, 43.8 MB/s; confidence high'],
      ['syscall', 'buffered writes', '300 MB at a time'],
      ['file', '/tmp/logtest.txt', 'fd 3'],
    ]);
  });

  it('ends where nothing is known, and says so', () => {
    const links = chainLinks(saturatedHost('db-1', { disks: [{ ...sda, culprits: [] }] }));
    expect(links.at(-1)).toMatchObject({ name: 'process', figure: 'nobody is named', isSeen: false });
    const { cpu: _, ...blind } = healthyHost('db-2');
    expect(chainLinks(blind)[0]).toMatchObject({ figure: 'not seen', isSeen: false });
    expect(chainLinks(refused('db-3'))).toEqual([]);
  });
});

describe('the course of a disk', () => {
  const timeline = [
    { atMs: 250, busyPercent: 50, queueDepth: 1, inFlight: 1, awaitMs: 10 },
    { atMs: 500, busyPercent: 100, queueDepth: 4, inFlight: 1 },
    { atMs: 750, busyPercent: 100, queueDepth: 2, inFlight: 1, awaitMs: 20 },
  ];

  it('is three strips on one axis, each to its own scale, and a gap where nothing was completed', () => {
    const [busy, queue, wait] = stripsOf({ ...sda, timeline });
    expect(busy).toMatchObject({ name: 'busy', top: '100 %', label: 'at most 100 %, at the end 100 %' });
    expect(queue).toMatchObject({ name: 'queue', top: '4', label: 'at most 4, at the end 2' });
    expect(wait).toMatchObject({ name: 'await', top: '20 ms', label: 'at most 20 ms, at the end 20 ms' });
    expect(queue?.path).toBe('M0.0 48v-12.0h200.0v12.0zM200.0 48v-48.0h200.0v48.0zM400.0 48v-24.0h200.0v24.0z');
    expect(wait?.path.match(/M/g)).toHaveLength(2);
    expect(windowMs({ ...sda, timeline })).toBe(750);
  });

  it('is left out where there is none, and stays in its box whatever was sent', () => {
    expect(stripsOf({ ...sda, timeline: timeline.slice(0, 1) })).toEqual([]);
    const { timeline: _, ...bare } = sda;
    expect(stripsOf(bare)).toEqual([]);
    const wild = stripsOf({ ...sda, timeline: timeline.map((point) => ({ ...point, queueDepth: 0, awaitMs: 1e300 })) });
    for (const { path } of wild) {
      for (const [, height] of path.matchAll(/v-([0-9.]+)/g)) expect(Number(height)).toBeLessThanOrEqual(STRIP_HEIGHT);
      expect(path).not.toMatch(/NaN|Infinity|e\+/);
    }
  });
});
