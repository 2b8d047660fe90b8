import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, type Diff, diffOf, diffSchema } from './diff.ts';
import { VERDICTS } from './finding.ts';
import type { CulpritRow, RankingRow } from './ranking-row.ts';

const row = (host: string, more: Partial<RankingRow> = {}): RankingRow => ({
  host,
  status: 'swept',
  verdict: 'healthy',
  score: 3,
  summary: '',
  culprits: [],
  ...more,
});
const logtest: CulpritRow = {
  name: 'python',
  program: 'logtest.py',
  unit: 'logger.service',
  activity: 'buffered-write',
  fingerprint: 'a'.repeat(16),
  share: 0.98,
  confidence: 'high',
  path: '/tmp/logtest.txt',
};
const backup: CulpritRow = {
  ...logtest,
  name: 'tar',
  program: 'tar',
  unit: 'backup.service',
  fingerprint: 'b'.repeat(16),
};
const saturated = (host: string, more: Partial<RankingRow> = {}): RankingRow =>
  row(host, { verdict: 'saturated', score: 80, device: 'sda', culprits: [logtest], ...more });
const busy = (host: string, more: Partial<RankingRow> = {}): RankingRow =>
  row(host, { verdict: 'busy', score: 34, busyPercent: 75, ...more });
const hung = (host: string): RankingRow => row(host, { verdict: 'hung', score: 91, device: 'sda' });
const lost = (host: string, failureKind = 'refused'): RankingRow =>
  row(host, { status: 'not-swept', verdict: 'inconclusive', score: 40, failureKind });
const stalled = (host: string): RankingRow => ({ ...lost(host, 'suspected-hung'), score: 89 });

const LISTS = ['new', 'worse', 'better', 'gone', 'notCompared'] as const;
/** "new: saturated by …" for a host whose rows these are; "unchanged" where there is nothing to say. */
const judge = (before: RankingRow | undefined, after: RankingRow | undefined): string => {
  const diff = diffOf(before ? [before] : [], after ? [after] : []);
  const said = LISTS.flatMap((list) => diff[list].map(({ change }) => `${list}: ${change}`));
  return said.length === 0 ? 'unchanged' : said.join(' AND ');
};

test.each<[string, RankingRow | undefined, RankingRow | undefined, string]>([
  [
    'trouble on a host that was fine',
    row('h'),
    saturated('h'),
    'new: saturated by logtest.py (buffered-write); was healthy',
  ],
  ['a host that begins to hang', busy('h'), hung('h'), 'new: hung; was busy'],
  ['a host that begins to stall', row('h'), stalled('h'), 'new: suspected to hang; was healthy'],
  [
    'trouble on a host that was not seen',
    lost('h'),
    saturated('h'),
    'new: saturated by logtest.py (buffered-write); not swept before (refused)',
  ],
  [
    'trouble on a host that is asked for the first time',
    undefined,
    hung('h'),
    'new: hung; not among the targets before',
  ],
  ['trouble that is over', saturated('h'), row('h'), 'gone: healthy; was saturated by logtest.py (buffered-write)'],
  ['trouble that has become load', stalled('h'), busy('h'), 'gone: busy; was suspected to hang'],
  [
    'a saturated disk that hangs',
    saturated('h'),
    hung('h'),
    'worse: hung; was saturated by logtest.py (buffered-write)',
  ],
  [
    'a hung disk that answers',
    hung('h'),
    saturated('h', { culprits: [] }),
    'better: saturated, by whom is not known; was hung',
  ],
  ['a suspicion that is confirmed', stalled('h'), { ...hung('h'), score: 100 }, 'unchanged'],
  [
    'a host that is not swept any more',
    saturated('h'),
    lost('h'),
    'notCompared: not swept now (refused); was saturated by logtest.py (buffered-write)',
  ],
  [
    'a host that is not among the targets any more',
    saturated('h'),
    undefined,
    'notCompared: not among the targets now; was saturated by logtest.py (buffered-write)',
  ],
  [
    'a host that is swept for the first time and is well',
    undefined,
    row('h'),
    'notCompared: healthy; not among the targets before',
  ],
  ['a host that is reached again and is well', lost('h'), row('h'), 'notCompared: healthy; not swept before (refused)'],
  ['a host that is never reached', lost('h'), lost('h', 'reset'), 'notCompared: not swept now (reset), nor before'],
  [
    'a host that cannot be judged',
    saturated('h'),
    row('h', { verdict: 'inconclusive', score: 50 }),
    'notCompared: not judged now; was saturated by logtest.py (buffered-write)',
  ],
])('%s', (_, before, after, said) => {
  expect(judge(before, after)).toBe(said);
});

test('a culprit that was not there before is new on a host that was in trouble already', () => {
  expect(judge(saturated('h'), saturated('h', { culprits: [backup] }))).toBe(
    'new: still saturated, by another culprit: tar (buffered-write); before by logtest.py (buffered-write)',
  );
  expect(
    judge(
      saturated('h'),
      saturated('h', {
        culprits: [
          { ...logtest, share: 0.6 },
          { ...backup, share: 0.3 },
        ],
      }),
    ),
  ).toBe(
    'new: still saturated, by a further culprit: logtest.py (buffered-write) and tar (buffered-write); before by logtest.py (buffered-write)',
  );
});

test('a share that comes and goes, a guess, and a name for trouble that nobody was named for are no news', () => {
  for (const weak of [{ share: 0.2 }, { confidence: 'low' as const }]) {
    expect(judge(saturated('h'), saturated('h', { culprits: [logtest, { ...backup, ...weak }] }))).toBe('unchanged');
  }
  expect(judge(saturated('h', { culprits: [] }), saturated('h'))).toBe('unchanged');
  expect(judge(saturated('h'), saturated('h', { culprits: [] }))).toBe('unchanged');
});

test('the same program of the same unit is the same culprit, whatever it does and to which file', () => {
  const other = { ...logtest, activity: 'fsync' as const, fingerprint: 'c'.repeat(16), path: '/var/lib/x' };
  expect(judge(saturated('h'), saturated('h', { culprits: [other] }))).toBe('unchanged');
  const elsewhere = { ...other, unit: 'other.service' };
  expect(judge(saturated('h'), saturated('h', { culprits: [elsewhere] }))).toMatch(/^new: /);
});

test('the same verdict is worse or better from ten points on', () => {
  expect(judge(saturated('h', { score: 70 }), saturated('h', { score: 79.9 }))).toBe('unchanged');
  expect(judge(saturated('h', { score: 70 }), saturated('h', { score: 80 }))).toBe(
    'worse: still saturated, by the same culprit: logtest.py (buffered-write)',
  );
  expect(judge(saturated('h', { score: 80, culprits: [] }), saturated('h', { score: 70 }))).toBe(
    'better: still saturated, now known by whom: logtest.py (buffered-write)',
  );
  expect(judge(busy('h', { score: 21 }), busy('h', { score: 38 }))).toBe('worse: still busy, more than before');
  expect(judge(row('h', { score: 1 }), row('h', { score: 18 }))).toBe('unchanged');
});

test('between busy and healthy the figures must differ clearly', () => {
  const at = (verdict: 'busy' | 'healthy', busyPercent: number, awaitMs: number): RankingRow =>
    row('h', { verdict, score: verdict === 'busy' ? 31 : 11, busyPercent, awaitMs });
  expect(judge(at('healthy', 58, 5), at('busy', 61, 6))).toBe('unchanged');
  expect(judge(at('healthy', 30, 5), at('busy', 61, 6))).toBe('worse: busy; was healthy');
  expect(judge(at('busy', 40, 90), at('healthy', 38, 4))).toBe('better: healthy; was busy');
  expect(judge(row('h'), busy('h'))).toBe('worse: busy; was healthy');
});

test('each list is worst first, and hosts that only one sweep knows are said', () => {
  const diff = diffOf([row('a'), row('b'), row('c'), saturated('z')], [saturated('a'), hung('b'), stalled('c')]);
  expect(diff.new.map(({ host }) => host)).toEqual(['b', 'c', 'a']);
  expect(diff.notCompared.map(({ host }) => host)).toEqual(['z']);
});

const anyRow = (host: string): fc.Arbitrary<RankingRow> =>
  fc.record(
    {
      host: fc.constant(host),
      status: fc.constantFrom('swept', 'partial', 'not-swept'),
      verdict: fc.constantFrom(...VERDICTS),
      score: fc.integer({ min: 0, max: 100 }),
      summary: fc.constant(''),
      culprits: fc.subarray([logtest, backup, { ...backup, share: 0.1, program: 'x', fingerprint: 'x' }]),
      failureKind: fc.constantFrom('refused', 'suspected-hung'),
      busyPercent: fc.integer({ min: 0, max: 100 }),
      awaitMs: fc.integer({ min: 0, max: 100 }),
    },
    { requiredKeys: ['host', 'status', 'verdict', 'score', 'summary', 'culprits'] },
  );
const anySweep: fc.Arbitrary<RankingRow[]> = fc
  .tuple(...['a', 'b', 'c', '__proto__'].map((host) => fc.option(anyRow(host), { nil: undefined })))
  .map((rows) => rows.filter((each) => each !== undefined));
const hostsOf = (changes: readonly Change[]): string[] => changes.map(({ host }) => host).sort();

test('a sweep compared with itself has no news', () => {
  fc.assert(
    fc.property(anySweep, (rows) => {
      const { unchanged, notCompared, ...news } = diffOf(rows, rows);
      expect(news).toEqual({ new: [], worse: [], better: [], gone: [] });
      expect(unchanged + notCompared.length).toBe(rows.length);
    }),
  );
});

test('every host is counted once, and the schema takes what comes out', () => {
  fc.assert(
    fc.property(anySweep, anySweep, (before, after) => {
      const diff: Diff = diffOf(before, after);
      const listed = LISTS.flatMap((list) => hostsOf(diff[list]));
      const all = new Set([...before, ...after].map(({ host }) => host));
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed.length + diff.unchanged).toBe(all.size);
      expect(diffSchema.parse(JSON.parse(JSON.stringify(diff)))).toEqual(diff);
    }),
  );
});

test('backwards, worse is better, and what is gone is new', () => {
  const nameless = anySweep.map((rows) => rows.map((each) => ({ ...each, culprits: [] })));
  fc.assert(
    fc.property(nameless, nameless, (before, after) => {
      const forwards = diffOf(before, after);
      const backwards = diffOf(after, before);
      expect(hostsOf(forwards.worse)).toEqual(hostsOf(backwards.better));
      for (const host of hostsOf(forwards.gone)) expect(hostsOf(backwards.new)).toContain(host);
    }),
  );
});
