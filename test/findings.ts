/** Reports made by hand for the tests of what is shown: ordinary ones, and the case of python 18940 on sda. */
import type { Report, VisitedHost } from '../runner/report.ts';
import type { Culprit, Disk } from '../runner/triage/finding.ts';
import { findPatterns } from '../runner/triage/patterns.ts';
import { rankHosts } from '../runner/triage/rank.ts';

const NO_LOAD = {
  stack: [],
  mountpoints: [],
  culprits: [],
  victims: [],
  carriers: [],
  othersShare: 0,
  unexplainedShare: 0,
};

export const python: Culprit = {
  pid: 18940,
  pids: [18940],
  command: 'python',
  program: 'logtest.py',
  uid: 0,
  user: 'root',
  unit: 'logger.service',
  parent: { pid: 1, command: 'systemd' },
  share: 0.98,
  shareOf: 'bytes',
  measured: false,
  confidence: 'high',
  activity: 'buffered-write',
  bytesPerSecond: 45_908_000,
  ioSizeBytes: 314_572_844,
  course: {
    looks: [
      { atMs: 2000, state: 'waiting', call: 'write' },
      { atMs: 2750, state: 'waiting', call: 'write' },
      { atMs: 3500, state: 'running' },
      { atMs: 4250, state: 'waiting', call: 'write' },
      { atMs: 4740, state: 'sleeping' },
    ],
    charged: [
      { fromMs: 0, toMs: 2000, bytesPerSecond: 52_000_000 },
      { fromMs: 2000, toMs: 4740, bytesPerSecond: 41_460_000 },
    ],
  },
  files: [{ path: '/tmp/logtest.txt', fd: 3, deleted: false, share: 1 }],
  evidence: [
    'write() of 314,572,844 bytes on fd 3 in 17 of 20 samples',
    'fd 3 is /tmp/logtest.txt, open for writing, on sda1',
    'writes 45.9 MB/s of the 46.8 MB/s that all processes wrote to sda',
  ],
  advice: 'Look at how much logtest.py logs: 300 MB a message, to a file that rotates at 900 MB',
};

export const sda: Disk = {
  ...NO_LOAD,
  device: 'sda',
  kind: 'hdd',
  model: 'QEMU HARDDISK',
  mountpoints: ['/'],
  verdict: 'saturated',
  busyPercent: 99.2,
  queueDepth: 1102.18,
  readsPerSecond: 0,
  writesPerSecond: 64,
  readBytesPerSecond: 0,
  writeBytesPerSecond: 33_554_432,
  writeAwaitMs: 7270.44,
  timeline: Array.from({ length: 20 }, (_, i) => ({
    atMs: i * 250,
    busyPercent: 99,
    queueDepth: 1000 + i,
    inFlight: [2, 5, 17, 28, 32, 32, 31, 32][i % 8] ?? 0,
  })),
  culprits: [python],
  victims: [
    {
      pid: 812,
      command: 'postgres',
      why: 'waits for fsync of /var/lib/postgresql/16/main/pg_wal, adds 0.1% of the bytes',
    },
  ],
  carriers: [
    { pid: 20065, command: 'kworker/u4:2', why: 'writes dirty pages back' },
    { pid: 354, command: 'jbd2/sda1-8', why: 'commits the journal of sda1' },
  ],
  othersShare: 0.02,
  unexplainedShare: 0,
};

/** The case: a Python program logs 300 MB at a time. */
export function saturatedHost(name: string, more: Partial<VisitedHost> = {}): VisitedHost {
  return {
    host: name,
    address: '192.0.2.1',
    port: 22,
    status: 'swept',
    verdict: 'saturated',
    score: 88,
    summary:
      'logtest.py 18940 saturates sda by logging 300 MB at a time to /tmp/logtest.txt; kworker/u4:2 and jbd2/sda1-8 carry its writes',
    privilege: 'root',
    kernel: '6.1.0-28-amd64',
    disks: [sda],
    memory: { totalBytes: 8_365_371_392, freeBytes: 765_628_416, cacheBytes: 6_840_614_912, dirtyBytes: 812_000_000 },
    cpu: {
      perCpu: [
        { cpu: 0, userPercent: 0.7, systemPercent: 6, iowaitPercent: 92.7, stealPercent: 0, idlePercent: 0.6 },
        { cpu: 1, userPercent: 0, systemPercent: 0.3, iowaitPercent: 7.3, stealPercent: 0, idlePercent: 92.4 },
      ],
    },
    explanations: [],
    limits: ['the kernel offers no pressure figures (/proc/pressure)'],
    cost: { hostCpuMs: 62, bytesReceived: 14_200, clientMs: 5400 },
    ...more,
  };
}

export function healthyHost(name: string, more: Partial<VisitedHost> = {}): VisitedHost {
  const disk: Disk = {
    ...NO_LOAD,
    device: 'nvme0n1',
    kind: 'nvme',
    mountpoints: ['/'],
    verdict: 'healthy',
    busyPercent: 3.1,
    queueDepth: 0.04,
    readsPerSecond: 2,
    writesPerSecond: 21,
    readBytesPerSecond: 90_000,
    writeBytesPerSecond: 640_000,
    readAwaitMs: 0.18,
    writeAwaitMs: 0.31,
  };
  return {
    host: name,
    status: 'swept',
    verdict: 'healthy',
    score: 3,
    summary: 'No disk is saturated; the busiest, nvme0n1, is busy 3% of the time',
    privilege: 'root',
    kernel: '6.1.0-28-amd64',
    disks: [disk],
    explanations: [],
    limits: [],
    cost: { hostCpuMs: 41, bytesReceived: 6_100, clientMs: 5300 },
    ...more,
  };
}

export function lostHost(name: string, failure: NonNullable<VisitedHost['failure']>, score = 40): VisitedHost {
  return {
    host: name,
    status: 'not-swept',
    failure,
    verdict: 'inconclusive',
    score,
    summary: `Not swept: ${failure.message}`,
    disks: [],
    explanations: [],
    limits: [],
    cost: { bytesReceived: 0, clientMs: 12 },
  };
}

export const refused = (name: string): VisitedHost =>
  lostHost(name, {
    phase: 'connect',
    kind: 'refused',
    message: `${name} refused the connection to port 22: is sshd running there? Try: ssh -v ${name}`,
  });

export const unknownKey = (name: string): VisitedHost =>
  lostHost(name, {
    phase: 'hostkey',
    kind: 'hostkey-unknown',
    message: `${name} is not in known_hosts. Compare its key's fingerprint, then: ssh-keyscan -p 22 ${name} >> ~/.ssh/known_hosts`,
  });

export const silent = (name: string): VisitedHost =>
  lostHost(
    name,
    {
      phase: 'deadline',
      kind: 'suspected-hung',
      message: `${name} let us in, then nothing came for 15 s: its root disk may hang. Look at its console`,
    },
    89,
  );

/** Hosts with more than one thing wrong: two disks, two equal culprits, a group, a writer that is gone, many limits. */
export function crowdedHost(name: string): VisitedHost {
  const half: Culprit = { ...python, share: 0.47, confidence: 'medium', evidence: ['writes half of the bytes'] };
  const { unit: _unit, program: _program, parent: _parent, ...bare } = half;
  const group: Culprit = {
    ...bare,
    pid: null,
    pids: [41, 42, 43, 44],
    command: 'cp',
    share: 0.45,
    activity: 'mixed',
    files: [],
  };
  return saturatedHost(name, {
    score: 80,
    disks: [
      { ...sda, culprits: [half, group], othersShare: 0, unexplainedShare: 0.08 },
      {
        ...sda,
        device: 'nvme1n1',
        kind: 'nvme',
        verdict: 'busy',
        busyPercent: 71,
        queueDepth: 4.2,
        writeAwaitMs: 3.4,
        culprits: [],
        victims: [],
        carriers: [],
      },
    ],
    explanations: [
      {
        kind: 'swap',
        summary: 'The host swaps: java 900 uses more memory than there is',
        evidence: ['pswpout 4,100/s'],
      },
    ],
    limits: [
      '212 of 300 processes unreadable: not root',
      'no mnt_id in fdinfo',
      'the kernel offers no pressure figures',
    ],
  });
}

/** A report as the sweep assembles it. */
export function reportOf(hosts: readonly VisitedHost[], more: Partial<Report['sweep']> = {}): Report {
  const ranked = rankHosts(hosts);
  const notSwept = hosts.filter(({ status }) => status === 'not-swept').length;
  return {
    schemaVersion: 1,
    sweep: {
      id: '01JDF3W5Q0000000000000TEST',
      trigger: 'cli',
      status: 'complete',
      startedAt: '2018-12-05T15:23:01.000Z',
      finishedAt: '2018-12-05T15:23:06.800Z',
      windowSeconds: 5,
      targets: hosts.length,
      swept: hosts.length - notSwept,
      notSwept,
      ...more,
    },
    hosts: ranked,
    patterns: findPatterns(ranked),
  };
}
