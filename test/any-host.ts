/** Any host at all, for what must hold of every one: what a hostile or broken host may send is among them. */
import * as fc from 'fast-check';
import type { DiskTick, HostSamples } from '../runner/triage/samples.ts';
import { host, MB, saturated, suspect } from './host-samples.ts';

const count = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 5000 }) }, { weight: 1, arbitrary: fc.maxSafeNat() });
const bytes = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.nat({ max: 200 * MB }) },
  { weight: 1, arbitrary: fc.maxSafeNat() },
);
const text = fc.oneof(
  fc.constantFrom('python', 'kworker/u4:2', 'jbd2/sda1-8', '__proto__'),
  fc.string({ maxLength: 12 }),
);
const device = fc.constantFrom('sda', 'sda1', 'sdb', 'nvme0n1', 'dm-0', 'md0', 'loop0', 'zram0', '__proto__');
const elapsed = fc.integer({ min: 1, max: 60_000 });

/** Of small writes and many flushes, or of discards, too: what bytes do not tell. */
const loaded = fc
  .tuple(
    fc.constantFrom('sda', 'sdb'),
    fc.nat({ max: 200 * MB }),
    fc.nat({ max: 200 * MB }),
    fc.constantFrom({}, { flushes: 100, reads: 0, readBytes: 0, readMs: 0, writeBytes: 4 * MB }, { discards: 500 }),
  )
  .map(([name, readBytes, writeBytes, more]) =>
    saturated(name, {
      number: name === 'sda' ? '8:0' : '8:16',
      ...{ readBytes, writeBytes, reads: 50, readMs: 50_000 },
      ...more,
    }),
  );

const anyActivity = fc.record(
  {
    device,
    elapsedMs: elapsed,
    reads: count,
    readBytes: bytes,
    readMs: count,
    writes: count,
    writeBytes: bytes,
    writeMs: count,
    discards: count,
    discardBytes: bytes,
    flushes: count,
    flushMs: count,
    ioMs: fc.oneof(count, elapsed),
    weightedMs: count,
    inFlight: count,
  },
  {
    requiredKeys: [
      'device',
      'elapsedMs',
      'reads',
      'readBytes',
      'readMs',
      'writes',
      'writeBytes',
      'writeMs',
      'ioMs',
      'weightedMs',
    ],
  },
);

const activity = fc.oneof({ weight: 2, arbitrary: loaded }, { weight: 1, arbitrary: anyActivity });
const tick = fc.tuple(anyActivity, count, count).map(([a, atMs, inFlight]): DiskTick => ({ ...a, atMs, inFlight }));
const pid = fc.integer({ min: 1, max: 12 });

const openFile = fc.record(
  {
    fd: fc.nat({ max: 9 }),
    path: fc.oneof(
      fc.constantFrom('/a.log', '/data/b', '/tmp/c', '/mnt/nfs/d', '/dev/sdb', '/dev/kvm', '/dev/dm-0'),
      text,
    ),
    deleted: fc.boolean(),
    mode: fc.record({
      reads: fc.boolean(),
      writes: fc.boolean(),
      direct: fc.boolean(),
      sync: fc.boolean(),
      append: fc.boolean(),
    }),
    mountId: fc.oneof(fc.constantFrom(1, 2), fc.integer({ min: 1, max: 9 })),
    movedBytes: bytes,
  },
  { requiredKeys: ['fd', 'path', 'deleted'] },
);

const call = fc.record({
  count: fc.integer({ min: 1, max: 999 }),
  value: fc.record(
    {
      name: fc.constantFrom('write', 'read', 'fsync'),
      kind: fc.constantFrom(
        'read' as const,
        'write' as const,
        'sync' as const,
        'metadata' as const,
        'discard' as const,
        'io-submit' as const,
        'other' as const,
      ),
      fd: fc.nat({ max: 9 }),
      lengthBytes: bytes,
    },
    { requiredKeys: ['name', 'kind'] },
  ),
});

/** What else is seen of a process: what tells where no byte does. */
const sight = fc.record(
  {
    spent: fc.record({
      cpuTicks: fc.nat({ max: 500 }),
      childCpuTicks: fc.nat({ max: 5 }),
      majorFaults: count,
      residentPagesBefore: count,
      residentPagesAfter: count,
      childFaults: fc.nat({ max: 1 }),
      chargedBytes: fc.record({ read: bytes, write: bytes }),
    }),
    ranMs: fc.nat({ max: 5000 }),
    residentBytes: bytes,
    swapBytes: bytes,
    workingDirectory: fc.constantFrom('/', '/srv', '/data/x', '/mnt/nfs'),
    program: fc.constantFrom('a.py', 'b.py'),
    stacks: fc.constantFrom(
      [{ count: 3, value: ['ext4_trim_fs'] }],
      [{ count: 3, value: ['rpc_wait_bit_killable'] }],
      [{ count: 3, value: ['balance_dirty_pages'] }],
    ),
    cgroup: fc.constantFrom(
      { path: '/a.service', unit: 'a.service' },
      { path: '/docker/b', container: 'bbbbbbbbbbbb' },
      { path: '/user.slice/session-1.scope', unit: 'session-1.scope' },
    ),
    cgroupTraffic: fc.array(
      fc.record({
        number: fc.constantFrom('8:0', '8:16'),
        readBytes: bytes,
        writtenBytes: bytes,
        elapsedMs: fc.constantFrom(100, 3000),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const waiting = fc.tuple(bytes, bytes).map(
  ([dirty, writeback]) =>
    new Map([
      ['Dirty', dirty],
      ['Writeback', writeback],
      ['MemTotal', 4096 * MB],
    ]),
);

const memory = fc.record(
  {
    meminfo: waiting,
    meminfoAtStart: waiting,
    swapAreas: fc.constantFrom([
      { path: '/dev/sda1', kind: 'partition' as const, sizeBytes: 4096 * MB, usedBytes: 2048 * MB },
    ]),
    swap: fc.record({ inPagesPerSecond: fc.nat({ max: 20_000 }), outPagesPerSecond: fc.nat({ max: 20_000 }) }),
  },
  { requiredKeys: [] },
);

/** Any host at all: cycles among devices, numbers up to 2^53, pids that are used twice, absent parts. */
export const anyHost: fc.Arbitrary<HostSamples> = fc
  .record({
    privilege: fc.constantFrom('root' as const, 'sudo' as const, 'user' as const),
    processWindowMs: fc.nat({ max: 60_000 }),
    processesRead: fc.boolean(),
    windowStartTicks: fc.constantFrom(0, 15, 30),
    disks: fc.uniqueArray(activity, { maxLength: 5, selector: (disk) => disk.device }),
    ticks: fc
      .array(fc.tuple(device, fc.array(tick, { maxLength: 70 })), { maxLength: 3 })
      .map((entries) => new Map(entries)),
    blockDevices: fc.uniqueArray(
      fc.record(
        {
          name: device,
          slaves: fc.array(device, { maxLength: 3 }),
          partitions: fc.constantFrom(new Map(), new Map([['sda1', '8:1']])),
          rotational: fc.boolean(),
          backingFile: fc.constantFrom('/data/x.img', '/x.img (deleted)'),
          number: fc.constantFrom('8:0', '8:16', '253:0', '7:0'),
          dmName: text,
        },
        { requiredKeys: ['name', 'slaves', 'partitions'] },
      ),
      { maxLength: 5, selector: (block) => block.name },
    ),
    processes: fc.array(
      fc.record(
        {
          pid,
          parentPid: pid,
          startTicks: fc.constantFrom(10, 10, 10, 20),
          seen: fc.constantFrom('pair' as const, 'new' as const, 'gone' as const, 'unreadable' as const),
          blockedSamples: count,
          isKernelThread: fc.boolean(),
          command: text,
          delayTicks: count,
          io: fc.record({
            readChars: bytes,
            writtenChars: bytes,
            readCalls: count,
            writeCalls: count,
            readBytes: bytes,
            writtenBytes: bytes,
            cancelledBytes: bytes,
          }),
        },
        { requiredKeys: ['pid', 'seen', 'blockedSamples', 'isKernelThread', 'command'] },
      ),
      { maxLength: 12 },
    ),
    rest: fc.array(
      fc.record(
        { count, parentPid: pid, command: text, readBytes: bytes, writtenBytes: bytes, cancelledBytes: bytes },
        { requiredKeys: ['count', 'command', 'readBytes', 'writtenBytes', 'cancelledBytes'] },
      ),
      { maxLength: 3 },
    ),
    suspects: fc.array(
      fc
        .tuple(
          pid,
          fc.constantFrom(10, 10, 10, 20),
          fc.array(openFile, { maxLength: 5 }),
          fc.array(call, { maxLength: 4 }),
          sight,
        )
        .map(([id, startTicks, files, calls, seen]) => suspect(id, files, { startTicks, calls, ...seen })),
      { maxLength: 6 },
    ),
  })
  .chain((parts) => memory.map((more) => host({ ...parts, ...more })));
