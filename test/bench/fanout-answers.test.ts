import { describe, expect, test } from 'vitest';
import { captureOf } from '../../runner/capture.ts';
import type { Finding } from '../../runner/triage/finding.ts';
import { findPatterns } from '../../runner/triage/patterns.ts';
import { triage } from '../../runner/triage/triage.ts';
import { answerOf, type HostAnswer } from './fanout-answers.ts';
import { framesIn, NONCE_PLACEHOLDER, recordedFrames, wireOf } from './replay-host.ts';

const HOSTS = 60;
const recorded = recordedFrames();
const answers = Array.from({ length: HOSTS }, (_, host) => answerOf(recorded, host));

function findingOf({ answer }: HostAnswer): Finding {
  const capture = captureOf(framesIn(answer, NONCE_PLACEHOLDER));
  if (capture === undefined) throw new Error('no greeting');
  return triage(capture.samples);
}

describe('the hosts of the fan-out benchmark', () => {
  const findings = answers.map(findingOf);

  test('each answer is whole, and no smaller than that of a busy host', () => {
    for (const { answer } of answers) expect(answer.length).toBeGreaterThan(15_000);
    expect(findings.flatMap(({ limits }) => limits)).toEqual([]);
  });

  test('each is saturated, by the writer that it was given', () => {
    for (const [index, { expected }] of answers.entries()) {
      const [disk] = findings[index]?.disks ?? [];
      const { device, path, ...culprit } = expected;
      expect(disk).toMatchObject({ device, verdict: 'saturated' });
      expect(disk?.culprits[0]).toMatchObject(culprit);
      expect(disk?.culprits[0]?.files[0]?.path).toBe(path);
    }
  });

  test('their numbers, scores, shares, figures and summaries differ', () => {
    const different = (values: readonly unknown[]) => new Set(values).size;
    const disks = findings.map((finding) => finding.disks[0]);
    expect(different(answers.map(({ expected }) => expected.pid))).toBe(HOSTS);
    expect(different(findings.map(({ summary }) => summary))).toBe(HOSTS);
    expect(different(disks.map((disk) => disk?.writeBytesPerSecond))).toBe(HOSTS);
    expect(different(disks.map((disk) => disk?.culprits[0]?.share))).toBeGreaterThan(HOSTS / 2);
    expect(different(findings.map(({ score }) => score))).toBeGreaterThan(HOSTS / 3);
  });

  test('those with the same program and file are one pattern, and there are several', () => {
    const patterns = findPatterns(findings.map(({ disks }, host) => ({ host: String(host), disks })));
    const found = patterns.map(({ hosts }) => hosts.toSorted().join());
    for (const unit of new Set(answers.map(({ expected }) => expected.unit))) {
      const hosts = answers.flatMap(({ expected }, host) => (expected.unit === unit ? String(host) : []));
      expect(found).toContain(hosts.toSorted().join());
    }
    expect(patterns.length).toBeGreaterThan(5);
  });

  test('the same host answers the same in every run', () => {
    expect(answerOf(recorded, 7).answer.equals(answers[7]?.answer ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('the recorded answer', () => {
  test('says nothing of the machine that it was recorded on', () => {
    const text = wireOf(recorded, NONCE_PLACEHOLDER).toString('utf8');
    const paths = [...text.matchAll(/(?<=[ :])\/[a-z][^ \n]*/g)].map(([path]) => path);
    const allowed = /^\/(proc|dev|srv|sys)(\/|$)/;
    expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
    const programs = recorded.filter(({ kind }) => kind === 'program').map(({ payload }) => payload.toString('utf8'));
    expect(programs.filter((program) => !program.startsWith('/opt/programs/'))).toEqual([]);
    expect(recorded.find(({ kind }) => kind === 'users')?.payload.toString('utf8')).toBe('0 root');
  });
});
