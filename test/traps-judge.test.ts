import { describe, expect, test } from 'vitest';
import type { Culprit, Disk } from '../runner/triage/finding.ts';
import { calibrationOf, hasFailed, lineOf, type Round, totalsOf } from './bench/accuracy-table.ts';
import { isSameConclusion } from './real/traps/golden.ts';
import { isRightlyNamed, judge, judgeNames } from './real/traps/judge.ts';
import { listOfIotop, listOfPidstat } from './real/traps/peers.ts';
import { premiseProblems } from './real/traps/premise.ts';
import type { Blame, Expected, Truth } from './real/traps/trap-case.ts';

const TRUTH: Truth = {
  device: 'sda',
  others: ['sdb'],
  roles: {
    writer: { pids: [10, 11] },
    victim: { pids: [20] },
    children: { pids: [31, 32], parent: 30, commands: ['dd'] },
  },
};
const WRITER: Blame = { role: 'writer', as: 'process', activity: ['buffered-write'], path: /\/log$/ };
const EXPECTED: Expected = { verdict: ['saturated'], blamed: [WRITER], victims: ['victim'], carriers: /^jbd2/ };
const GROUP: Expected = {
  verdict: ['saturated'],
  blamed: [{ role: 'children', as: 'group', activity: ['buffered-write'] }],
};
const NOBODY: Expected = { verdict: ['healthy'], blamed: [] };

const culprit = (changes: Partial<Culprit> = {}): Culprit => ({
  pid: 10,
  pids: [10],
  command: 'python',
  share: 0.9,
  shareOf: 'bytes',
  measured: false,
  confidence: 'high',
  activity: 'buffered-write',
  bytesPerSecond: 1,
  files: [{ path: '/var/log', deleted: false }],
  evidence: [],
  advice: '',
  ...changes,
});

const finding = (changes: Partial<Disk> = {}, more: readonly Partial<Disk>[] = []) => ({
  disks: [changes, ...more].map(
    (each): Disk => ({
      device: 'sda',
      kind: 'hdd',
      stack: [],
      mountpoints: [],
      verdict: 'saturated',
      culprits: [culprit()],
      victims: [{ pid: 20, command: 'sync', why: '' }],
      carriers: [{ pid: 5, command: 'jbd2/sda-8', why: '' }],
      othersShare: 0.1,
      unexplainedShare: 0,
      ...each,
    }),
  ),
  summary: 'sda is saturated',
  explanations: [],
});

const outcomeOf = (changes: Partial<Disk>, expected = EXPECTED) => judge(finding(changes), expected, TRUTH).outcome;

describe('the judge', () => {
  test('calls right what names the right process with its activity, file, victims and carriers', () => {
    expect(judge(finding(), EXPECTED, TRUTH)).toEqual({ outcome: 'right', problems: [] });
  });

  test('gives nothing for an empty answer where somebody was to be named', () => {
    expect(outcomeOf({ culprits: [] })).toBe('empty');
  });

  test.each([
    ['a victim', culprit({ pid: 20, pids: [20] })],
    ['a stranger', culprit({ pid: 999, pids: [999] })],
    ['the right process together with a stranger', culprit({ pid: null, pids: [10, 999] })],
    ['nobody in particular', culprit({ pid: null, pids: [] })],
  ])('calls it a wrong name to blame %s', (_, wrong) => {
    expect(outcomeOf({ culprits: [wrong] })).toBe('wrong name');
  });

  test('calls one wrong name beside the right one a wrong name', () => {
    expect(outcomeOf({ culprits: [culprit(), culprit({ pid: 20, pids: [20] })] })).toBe('wrong name');
  });

  test('calls anyone a wrong name where nobody is to be blamed', () => {
    expect(outcomeOf({ verdict: 'healthy' }, NOBODY)).toBe('wrong name');
    expect(outcomeOf({ verdict: 'healthy', culprits: [] }, NOBODY)).toBe('right');
  });

  test('takes a disk that is not reported for healthy', () => {
    expect(judge({ disks: [], summary: '', explanations: [] }, NOBODY, TRUTH).outcome).toBe('right');
    expect(judge({ disks: [], summary: '', explanations: [] }, EXPECTED, TRUTH).outcome).toBe('empty');
  });

  test('calls it a wrong name to blame the right process for another disk of the situation', () => {
    const other = { device: 'sdb', victims: [], carriers: [] };
    expect(judge(finding({}, [other]), EXPECTED, TRUTH).outcome).toBe('wrong name');
  });

  test('has no opinion on strangers that load a disk which is not part of the situation', () => {
    const stranger = { device: 'vda', culprits: [culprit({ pid: 999, pids: [999] })] };
    expect(judge(finding({}, [stranger]), EXPECTED, TRUTH).outcome).toBe('right');
  });

  test.each([
    ['wrong verdict', { verdict: 'busy' }],
    ['wrong detail', { culprits: [culprit({ activity: 'fsync' })] }],
    ['wrong detail', { culprits: [culprit({ files: [{ path: '/var/other', deleted: false }] })] }],
    ['wrong detail', { culprits: [culprit({ files: [] })] }],
    ['wrong detail', { victims: [] }],
    ['wrong detail', { carriers: [] }],
  ] as const)('says %s of %o', (outcome, changes) => {
    expect(outcomeOf(changes as Partial<Disk>)).toBe(outcome);
  });

  test('asks for what has to be said, for the mark of a deleted file and for the share', () => {
    const share = { atLeast: 0.3, atMost: 0.7 };
    expect(outcomeOf({}, { ...EXPECTED, says: /drain/ })).toBe('wrong detail');
    expect(outcomeOf({}, { ...EXPECTED, blamed: [{ ...WRITER, deleted: true }] })).toBe('wrong detail');
    expect(outcomeOf({}, { ...EXPECTED, blamed: [{ ...WRITER, share }] })).toBe('wrong detail');
  });

  test('asks for the pod, and for the path of the host where that of the file is inside a container', () => {
    const blame = { ...WRITER, hostPath: /^\/layers\/log$/, pod: /^shop\/orders$/ };
    const inside = (hostPath: string) => [{ path: '/var/log', deleted: false, inContainer: true, hostPath }];
    const named = (hostPath: string, pod: string) => ({ culprits: [culprit({ files: inside(hostPath), pod })] });
    expect(outcomeOf(named('/layers/log', 'shop/orders'), { ...EXPECTED, blamed: [blame] })).toBe('right');
    expect(outcomeOf(named('/other/log', 'shop/orders'), { ...EXPECTED, blamed: [blame] })).toBe('wrong detail');
    expect(outcomeOf(named('/layers/log', 'shop/mail'), { ...EXPECTED, blamed: [blame] })).toBe('wrong detail');
    expect(outcomeOf({}, { ...EXPECTED, blamed: [blame] })).toBe('wrong detail');
  });

  const parent = { pid: 30, command: 'sh' };
  test.each([
    ['right', culprit({ pid: null, pids: [31, 32], command: 'dd' })],
    ['right', culprit({ pid: null, pids: [77, 78], command: 'dd', parent })],
    ['right', culprit({ pid: null, pids: [], command: 'dd', parent })],
    ['in part', culprit({ pid: 31, pids: [31], command: 'dd' })],
    ['in part', culprit({ pid: 99, pids: [99], command: 'dd' })],
    ['wrong name', culprit({ pid: 30, pids: [30], command: 'sh' })],
    ['wrong name', culprit({ pid: 99, pids: [99], command: 'cp' })],
  ] as const)('of a group, says %s of %o', (outcome, named) => {
    expect(outcomeOf({ culprits: [named as Culprit] }, GROUP)).toBe(outcome);
  });

  test('wants both of two causes', () => {
    const blamed: Blame[] = [WRITER, { role: 'victim', as: 'process', activity: ['buffered-write'] }];
    const both = [culprit(), culprit({ pid: 20, pids: [20] })];
    expect(outcomeOf({}, { ...EXPECTED, blamed })).toBe('in part');
    expect(outcomeOf({ culprits: both }, { ...EXPECTED, blamed })).toBe('right');
  });

  test('asks rules of thumb for nothing but the name', () => {
    const named = (pid: number, command = 'x') => [{ pid, pids: [pid], command }];
    expect(judgeNames(named(11), EXPECTED, TRUTH).outcome).toBe('right');
    expect(judgeNames(named(20), EXPECTED, TRUTH).outcome).toBe('wrong name');
    expect(judgeNames([], EXPECTED, TRUTH).outcome).toBe('empty');
    expect(judgeNames([], NOBODY, TRUTH).outcome).toBe('right');
  });

  test('knows of each culprit whether it was named rightly, for the right disk', () => {
    expect(isRightlyNamed('sda', culprit(), EXPECTED, TRUTH)).toBe(true);
    expect(isRightlyNamed('sdb', culprit(), EXPECTED, TRUTH)).toBe(false);
    expect(isRightlyNamed('sda', culprit({ pid: 20, pids: [20] }), EXPECTED, TRUTH)).toBe(false);
  });
});

describe('a premise', () => {
  const measured = { meanBusyPercent: 96, minBusyPercent: 90, maxInFlight: 1 } as Parameters<typeof premiseProblems>[0];

  test('holds within its bounds and says what is not', () => {
    expect(premiseProblems(measured, { meanBusyPercent: { atLeast: 95 } })).toEqual([]);
    expect(premiseProblems(measured, { meanBusyPercent: { atLeast: 97 }, maxInFlight: { atMost: 0 } })).toEqual([
      'meanBusyPercent was 96, not at least 97',
      'maxInFlight was 1, not at most 0',
    ]);
  });

  test('does not hold where the figure could not be had', () => {
    expect(premiseProblems(measured, { otherBusyPercent: { atLeast: 0 } })).toHaveLength(1);
  });
});

describe('the lists of the peers', () => {
  test('pidstat: who reads and writes the most bytes first, the idle ones not at all', () => {
    const text = `Linux 6.18 (vm) 	11/28/26 	_x86_64_	(2 CPU)

# Time        UID       PID   kB_rd/s   kB_wr/s kB_ccwr/s iodelay  Command
16:04:32        0        20      0.00     10.00      0.00      99  sync
16:04:32        0        21    272.00 307224.00      0.00       0  a b
16:04:32     1000        22     -1.00     -1.00     -1.00       0  other
`;
    expect(listOfPidstat(text).map(({ pid, command }) => [pid, command])).toEqual([
      [21, 'a b'],
      [20, 'sync'],
    ]);
    expect(listOfPidstat('')).toEqual([]);
  });

  test('iotop: the second list in its own order, the idle ones not at all', () => {
    const list = (wait: string) => `  Total DISK READ:    0.00 K/s |   Total DISK WRITE:    0.00 K/s
Current DISK READ:    0.00 K/s | Current DISK WRITE:    0.00 K/s
   PID PRIO     USER   DISK READ  DISK WRITE SWAPIN     IO COMMAND
    40 be/4 root          0.00 K/s    0.00 K/s 0.00 % ${wait} % kworker/u8:1+flush-7:1
     1 be/2 root          0.00 K/s    0.00 K/s 0.00 % 0.00 % init
`;
    expect(listOfIotop(list('9.99') + list('97.10')).map(({ pid, command }) => [pid, command])).toEqual([
      [40, 'kworker/u8:1+flush-7:1'],
    ]);
    expect(listOfIotop(list('9.99') + list('0.00'))).toEqual([]);
  });
});

describe('the table of accuracy', () => {
  const right = { outcome: 'right', problems: [] } as const;
  const wrong = { outcome: 'wrong name', problems: ['x'] } as const;
  const round = (changes: Partial<Round> = {}): Round => ({
    name: 'case',
    premiseProblems: [],
    whodisk: right,
    pidstat: wrong,
    iotop: right,
    called: [{ confidence: 'high', isRight: true }],
    ...changes,
  });

  test('counts for each rule who was right and who named the wrong one', () => {
    const lines = totalsOf([round(), round({ whodisk: wrong })]);
    expect(lines[0]).toMatch(/^right +1 of 2 +0 of 2 +2 of 2$/);
    expect(lines[1]).toMatch(/^a wrong name +1 of 2 +2 of 2 +0 of 2$/);
  });

  test('counts a case whose premise failed as right for nobody', () => {
    const failed = round({ premiseProblems: ['idle'] });
    expect(lineOf(failed)).toMatch(/^case +premise failed +premise failed +premise failed$/);
    expect(totalsOf([failed])[0]).toMatch(/^right +0 of 1 +0 of 1 +0 of 1$/);
  });

  test('fails on a wrong name and on a failed premise, not on an empty answer', () => {
    expect(hasFailed([round()])).toBe(false);
    expect(hasFailed([round({ whodisk: { outcome: 'empty', problems: [] } })])).toBe(false);
    expect(hasFailed([round(), round({ whodisk: wrong })])).toBe(true);
    expect(hasFailed([round({ premiseProblems: ['idle'] })])).toBe(true);
  });

  test('says of each level how many culprits were right', () => {
    const called = [
      { confidence: 'high', isRight: true },
      { confidence: 'low', isRight: false },
    ];
    expect(calibrationOf([round({ called })])).toEqual([
      'called high: 1 of 1 right',
      'called medium: 0 of 0 right',
      'called low: 0 of 1 right',
    ]);
  });
});

test('a golden conclusion stays the same only with its verdict, its culprits and about their shares', () => {
  const one = { device: 'sda', pid: 1, command: 'dd', activity: 'read', share: 0.8 };
  const conclusion = { verdict: 'saturated', culprits: [one] };
  const changed = (changes: object) => ({ verdict: 'saturated', culprits: [{ ...one, ...changes }] });
  expect(isSameConclusion(conclusion, changed({ share: 0.82 }))).toBe(true);
  expect(isSameConclusion(conclusion, changed({ share: 0.7 }))).toBe(false);
  expect(isSameConclusion(conclusion, changed({ pid: 2 }))).toBe(false);
  expect(isSameConclusion(conclusion, { verdict: 'busy', culprits: [one] })).toBe(false);
  expect(isSameConclusion(conclusion, { verdict: 'saturated', culprits: [] })).toBe(false);
});
