import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyHost } from '../../test/any-host.ts';
import { file, host, io, kernelThread, MB, saturated, suspect, writer } from '../../test/host-samples.ts';
import { deviceTree } from './device-tree.ts';
import { ledgerOf } from './ledger.ts';
import { processLoads } from './loads.ts';
import type { HostSamples } from './samples.ts';

function ledger(more: Partial<HostSamples>, device = 'sda') {
  const samples = host(more);
  const tree = deviceTree(samples.blockDevices, samples.mounts, new Map());
  const activity = samples.disks.find((disk) => disk.device === device);
  if (!activity) throw new Error(`no ${device}`);
  return ledgerOf(activity, processLoads(samples, tree, samples.disks), tree);
}
const shares = (of: ReturnType<typeof ledger>) => of.rows.map(({ load, share }) => [load.process.pid, share]);
const direct = { reads: false, writes: true, direct: true, sync: false, append: false };

describe('ledger', () => {
  test('buffered writes beyond what the disk wrote share it in proportion', () => {
    const of = ledger({
      disks: [saturated('sda')],
      processes: [writer(11, 'a', 300 * MB), writer(12, 'b', 100 * MB)],
      suspects: [
        suspect(11, [file(3, '/a', 1, { movedBytes: 300 * MB })]),
        suspect(12, [file(3, '/b', 1, { movedBytes: 100 * MB })]),
      ],
    });
    expect(shares(of)).toEqual([
      [11, 0.75],
      [12, 0.25],
    ]);
    expect(of.unexplainedShare).toBe(0);
  });

  test('direct writes reach the disk as they are counted: buffered ones share what is left', () => {
    const of = ledger({
      disks: [saturated('sda')],
      processes: [writer(11, 'fio', 80 * MB), writer(12, 'cp', 900 * MB)],
      suspects: [
        suspect(11, [file(3, '/a', 1, { mode: direct, movedBytes: 80 * MB })]),
        suspect(12, [file(3, '/b', 1, { movedBytes: 900 * MB })]),
      ],
    });
    expect(shares(of)).toEqual([
      [11, expect.closeTo(0.8)],
      [12, expect.closeTo(0.2)],
    ]);
  });

  test('what nobody accounts for is published', () => {
    expect(ledger({ disks: [saturated('sda')], processes: [writer(11, 'a', 25 * MB)] }).unexplainedShare).toBeCloseTo(
      0.75,
    );
  });

  test('kernel threads have no row', () => {
    expect(
      ledger({
        disks: [saturated('sda')],
        processes: [kernelThread(9, 'kworker/0:1', { io: io({ writtenBytes: 900 * MB }) })],
      }).rows,
    ).toEqual([]);
  });

  test('load without a place goes where traffic is unexplained, and is not "placed"', () => {
    const samples = {
      disks: [saturated('sda'), saturated('sdb')],
      processes: [writer(11, 'placed', 100 * MB), writer(12, 'unplaced', 100 * MB)],
      suspects: [suspect(11, [file(3, '/data/x', 2, { movedBytes: 100 * MB })])],
    };
    expect(ledger(samples).rows).toMatchObject([{ load: { process: { pid: 12 } }, isPlaced: false, share: 1 }]);
    expect(ledger(samples, 'sdb').rows).toMatchObject([{ load: { process: { pid: 11 } }, isPlaced: true, share: 1 }]);
  });

  test('an open file alone places nothing: what it is allotted stays below what was seen of others', () => {
    const of = ledger({
      disks: [saturated('sda')],
      processes: [writer(11, 'seen', 80 * MB), writer(12, 'idle', 200 * MB)],
      suspects: [suspect(11, [file(3, '/a', 1, { movedBytes: 80 * MB })]), suspect(12, [file(3, '/b', 1)])],
    });
    expect(of.rows).toMatchObject([
      { load: { process: { pid: 11 } }, isPlaced: true, share: expect.closeTo(0.8) },
      { load: { process: { pid: 12 } }, isPlaced: false, share: expect.closeTo(0.2) },
    ]);
  });

  test('how much of a load is sure to be on the disk is told beside what it was allotted', () => {
    const [row] = ledger({
      disks: [saturated('sda'), saturated('sdb')],
      processes: [writer(12, 'somewhere', 200 * MB)],
    }).rows;
    expect(row).toMatchObject({ isPlaced: false, share: 1, ownPart: 0.5 });
  });

  test.each([
    ['a server', file(4, '/mnt/nfs/b', 4)],
    ['an unknown device', file(4, '/vol/b', 777)],
  ])('with a file on %s open beside one on the disk, what was not seen is allotted to nobody', (_, elsewhere) => {
    const of = ledger({
      disks: [saturated('sda')],
      processes: [writer(12, 'java', 100 * MB)],
      suspects: [suspect(12, [file(3, '/a', 1), elsewhere])],
    });
    expect(of).toEqual({ rows: [], unexplainedShare: 1 });
  });

  test('rates are those of the span between the two passes over the processes', () => {
    const of = ledger({
      disks: [saturated('sda')],
      processWindowMs: 10_000,
      processes: [writer(11, 'a', 100 * MB)],
    });
    expect(of.rows[0]?.writeBytesPerSecond).toBe(10 * MB);
    expect(of.unexplainedShare).toBeCloseTo(0.5);
  });

  test('no row is above 1 and all of them with the rest are 1, on any host', () => {
    fc.assert(
      fc.property(anyHost, (samples) => {
        const tree = deviceTree(samples.blockDevices, samples.mounts, new Map());
        const loads = processLoads(samples, tree, samples.disks);
        for (const disk of samples.disks) {
          if (disk.readBytes + disk.writeBytes === 0) continue;
          const { rows, unexplainedShare } = ledgerOf(disk, loads, tree);
          expect(rows.reduce((sum, { share }) => sum + share, unexplainedShare)).toBeCloseTo(1, 6);
          expect(rows.every(({ share }) => share >= 0 && share <= 1 + 1e-9)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
