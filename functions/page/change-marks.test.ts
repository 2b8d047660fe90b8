import { describe, expect, it } from 'vitest';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { healthyHost, python, refused, saturatedHost, sda } from '../../test/findings.ts';
import { changeMarks } from './change-marks.ts';

const saturated = rankingRowOf(saturatedHost('db-1'));
const healthy = rankingRowOf(healthyHost('db-1'));
const other = rankingRowOf(saturatedHost('db-9'));
const kinds = (...given: Parameters<typeof changeMarks>) =>
  [...changeMarks(...given)].map(([host, { kind }]) => `${host} ${kind}`);

describe('what has changed since the sweep before', () => {
  it('is new where the host was fine, and gone where it was in trouble', () => {
    expect(kinds([saturated], { rows: [healthy], hasMore: true })).toEqual(['db-1 new']);
    expect(kinds([healthy], { rows: [saturated], hasMore: true })).toEqual(['db-1 gone']);
    expect(kinds([saturated], { rows: [saturated], hasMore: true })).toEqual([]);
  });

  it('is new where the host is not among those in trouble before, if all of these are known', () => {
    expect(kinds([saturated], { rows: [other, rankingRowOf(healthyHost('w'))], hasMore: true })).toEqual(['db-1 new']);
    expect(kinds([saturated], { rows: [other], hasMore: false })).toEqual(['db-1 new']);
  });

  it('is nothing where the host may have been in trouble behind those that were read', () => {
    expect(kinds([saturated], { rows: [other], hasMore: true })).toEqual([]);
    expect(kinds([saturated], { rows: [], hasMore: true })).toEqual([]);
  });

  it('is nothing of a host that is fine, and was not read or not reached before', () => {
    expect(kinds([healthy], { rows: [], hasMore: false })).toEqual([]);
    expect(kinds([healthy], { rows: [rankingRowOf(refused('db-1'))], hasMore: false })).toEqual([]);
  });

  it('tells the new culprit, encoded', () => {
    const disk = { ...sda, culprits: [{ ...python, program: 'evil\u001b[2J' }] };
    const now = rankingRowOf(saturatedHost('db-1', { disks: [disk] }));
    const mark = changeMarks([now], { rows: [saturated], hasMore: false }).get('db-1');
    expect(mark).toMatchObject({ kind: 'new' });
    expect(mark?.text).toContain('evil\\x1b');
  });
});
